"""Money: the signs, codes and words of currencies, as ISO 4217 codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

CODES = frozenset(
    "AED AFN ALL AMD AOA ARS AUD AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "UYU UZS VES VND VUV WST XAF XCD XDR XOF XPF YER ZAR ZMW ZWG".split()
)
SIGNS = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "S$": "SGD", "HK$": "HKD", "NZ$": "NZD",
    "NT$": "TWD", "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "₸": "KZT", "¥": "CNY", "₹": "INR", "₽": "RUB",
    "₺": "TRY", "₴": "UAH", "₩": "KRW", "₼": "AZN", "₾": "GEL", "֏": "AMD", "₮": "MNT", "₫": "VND", "₪": "ILS",
    "₦": "NGN", "₱": "PHP", "฿": "THB", "₵": "GHS", "GH₵": "GHS", "GH¢": "GHS", "GHC": "GHS", "Rp": "IDR", "Rp.": "IDR",
    "Kč": "CZK", "zł": "PLN", "৳": "BDT", "RM": "MYR", "KSh": "KES", "KSH": "KES", "Ksh": "KES", "Rs": "INR",
    "Rs.": "INR",
}  # fmt: skip
WORDS = {
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "pound sterling": "GBP", "tenge": "KZT", "rouble": "RUB",
    "ruble": "RUB", "yuan": "CNY", "renminbi": "CNY", "yen": "JPY", "rupee": "INR", "manat": "AZN", "lari": "GEL",
    "dram": "AMD", "lira": "TRY", "dong": "VND", "ringgit": "MYR", "baht": "THB", "hryvnia": "UAH", "zloty": "PLN",
    "somoni": "TJS", "tugrik": "MNT", "tögrög": "MNT", "naira": "NGN", "cedi": "GHS", "birr": "ETB", "rand": "ZAR",
    "rupiah": "IDR", "taka": "BDT", "shekel": "ILS", "forint": "HUF", "sum": "UZS", "soum": "UZS", "so'm": "UZS",
    "so‘m": "UZS", "so’m": "UZS", "som": "KGS", "kwacha": "ZMW", "dirham": "AED", "riyal": "SAR", "franc": "",
    "shilling": "", "peso": "", "dinar": "", "krona": "SEK", "kronor": "SEK", "krone": "", "kroner": "",
    "koruna": "CZK", "koruny": "CZK", "korun": "CZK",
    "leu": "RON", "lei": "RON", "won": "KRW", "real": "BRL", "reais": "BRL",
}  # fmt: skip
"""Singular words; an empty code is a currency only with its country ("Rwandan francs")."""
COMMON_WORDS = frozenset("sum soum som real rand won lei dong".split())
"""Words that mean more than money: small numbers of them are none ("12 soums", districts of Mongolia)."""
_OF_COUNTRY = {
    ("us", "dollar"): "USD", ("u.s.", "dollar"): "USD", ("american", "dollar"): "USD",
    ("australian", "dollar"): "AUD", ("canadian", "dollar"): "CAD", ("singapore", "dollar"): "SGD",
    ("hong kong", "dollar"): "HKD", ("new zealand", "dollar"): "NZD", ("taiwan", "dollar"): "TWD",
    ("rwandan", "franc"): "RWF", ("swiss", "franc"): "CHF", ("cfa", "franc"): "XOF", ("kenyan", "shilling"): "KES",
    ("ugandan", "shilling"): "UGX", ("tanzanian", "shilling"): "TZS", ("mexican", "peso"): "MXN",
    ("philippine", "peso"): "PHP", ("argentine", "peso"): "ARS", ("chilean", "peso"): "CLP",
    ("colombian", "peso"): "COP", ("iraqi", "dinar"): "IQD", ("jordanian", "dinar"): "JOD",
    ("kuwaiti", "dinar"): "KWD", ("serbian", "dinar"): "RSD", ("tunisian", "dinar"): "TND",
    ("danish", "krone"): "DKK", ("norwegian", "krone"): "NOK", ("danish", "kroner"): "DKK",
    ("norwegian", "kroner"): "NOK", ("swedish", "krona"): "SEK", ("pakistani", "rupee"): "PKR",
    ("sri lankan", "rupee"): "LKR", ("nepalese", "rupee"): "NPR", ("indian", "rupee"): "INR",
    ("turkmen", "manat"): "TMT", ("azerbaijani", "manat"): "AZN", ("uzbek", "som"): "UZS", ("kyrgyz", "som"): "KGS",
    ("belarusian", "ruble"): "BYN", ("belarusian", "rouble"): "BYN", ("egyptian", "pound"): "EGP",
    ("qatari", "riyal"): "QAR", ("omani", "riyal"): "OMR", ("moroccan", "dirham"): "MAD",
}  # fmt: skip
_COUNTRIES = sorted({country for country, _ in _OF_COUNTRY}, key=len, reverse=True)

SIGN_PATTERN = "|".join(re.escape(s) for s in sorted({*SIGNS, *CODES}, key=len, reverse=True))
WORD_PATTERN = (
    rf"(?:(?:(?i:{'|'.join(re.escape(c) for c in _COUNTRIES)})|[A-Z][a-z]+(?:an|ese|ish|i))\s+)?"
    rf"(?:{'|'.join(sorted(map(re.escape, WORDS), key=len, reverse=True))})s?\b"
)


def code_of(sign: str) -> str | None:
    """Return the ISO code of a sign, code or words ("US$", "KZT", "Kenyan shillings"), where no doubt is left."""
    if sign in CODES:
        return sign
    if sign in SIGNS:
        return SIGNS[sign]
    country, _, word = " ".join(sign.lower().split()).rpartition(" ")
    singular = word if word in WORDS else word.removesuffix("s")
    return _OF_COUNTRY.get((country, singular)) or (WORDS.get(singular) if not country else None) or None


def is_currency_of_sum(doc: Doc, token: Token) -> bool:
    """ "40 million *euros*", "*NOK* 40 million": what the model takes for a bare number."""
    if token.text in CODES:
        return token.i + 1 < len(doc) and doc[token.i + 1].like_num
    return token.lemma_.lower() in WORDS and any(t.like_num for t in doc[max(0, token.i - 3) : token.i])
