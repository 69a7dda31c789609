"""Tell the furniture of a page from its text, by the wording that pages share."""

from __future__ import annotations

import re

from kzai_graph.layout import Passage

SHORT_CHARACTERS = 100
LONG_CHARACTERS = 250

_I = re.IGNORECASE
_NETWORKS = (
    r"(?:facebook|twitter|x-twitter|x|linkedin|telegram|whatsapp|instagram|youtube|tiktok|reddit|pinterest|vk"
    r"|email|e-mail|print|copy link|rss|discord|medium|threads|flickr|wechat|weibo)"
)
_SEPARATED = r"\s*[|·•,/–-]?\s*"
_CONTACT_WORD = (
    r"(?:media|press|investors?|investor relations|corporate|public relations|pr|company|sales|editorial|business)"
)

# The whole passage is furniture, whatever stands around it.
LINES = re.compile(
    r"\s*(?:"
    rf"(?:share|follow)(?: (?:this|us|on|the|via|our|with|your|article|post|story|page"
    rf"|friends)\b)*\s*[:!]?(?:{_SEPARATED}{_NETWORKS}\b)*\s*[.!]?$"
    rf"|{_NETWORKS}(?:{_SEPARATED}{_NETWORKS}\b)*$"
    r"|the link has been copied\b|link copied|copied to clipboard|skip to (?:main )?content|back to top"
    r"|(?:scroll )?to top$"
    r"|(?:read|view|see|show|load|learn|find out|discover) (?:more|all|less)\b[\s.!>»→…]*$"
    r"|continue reading\b.{0,20}$|click here\b.{0,120}$"
    r"|(?:download|pdf|print|search|menu|login|log in|sign in|sign up|register|subscribe|advertisement"
    r"|sponsored|home|close|next|previous|comments?|reply|share)(?: \([\d.,]+ ?[km]b\))?$"
    r"|pdf \([\d.,]+ ?[km]b\)"
    r"|(?:we|this (?:web)?site|our (?:web)?site)\b.{0,30}\b(?:uses?|using) cookies|by (?:continuing"
    r"|using).{0,60}cookies|accept (?:all|cookies)\b|cookie (?:settings|policy|notice)"
    r"|(?:©|\(c\)|copyright\b)\s*(?:©\s*)?(?:19|20)\d\d|.{0,80}\ball rights reserved\b"
    r"|(?:subscribe|sign up)\b.{0,40}\b(?:newsletter|channel|mailing|updates|email|e-mail|our|website"
    r"|telegram|now|today)\b"
    r"|get\b.{0,80}\b(?:sent directly|delivered|straight|in your inbox|newsletter)"
    r"|to (?:receive|get) (?:sms|text|e-?mail|daily|weekly|our|the latest|more)\b.{0,60}\b(?:alerts?|updates"
    r"|news|newsletter)\b"
    r"|(?:stay (?:connected|tuned|up to date|informed)|join (?:our|us|the conversation)|connect with (?:us"
    r"|our))\b.{0,160}$"
    r"|follow .{1,60} on (?:x|twitter|facebook|instagram|linkedin|telegram|youtube|social media)\b.{0,100}$"
    r"|@\w+ on \w+$"
    r"|follow (?:us|our|#\w+|@\w+|[A-Z][\w.]+(?: [A-Z][\w.]+)? on)\b.{0,200}$"
    r"|(?:for|to (?:find|read|get|learn)) (?:more|further|additional|the full)\b.{0,80}\b(?:visit|contact|see"
    r"|go to|click|email|call|write to|follow)\b"
    r"|to (?:view|read|see|access|get|download) the (?:full|original|complete|latest)\b.{0,40}\b(?:visit"
    r"|click|go to)\b"
    r"|additional information\b.{0,80}\bis available (?:at|on)\b|(?:please )?visit (?:us "
    r"|our website )?(?:at |on |online )?(?:https?:|www\.)"
    r"|(?:please )?see (?:the )?full terms of use|the latest news and updates relating to\b"
    r"|(?:the post|this (?:article|post|story|release|content)|the article)\b.{0,300}\b(?:first appeared"
    r"|appeared first|was (?:first |originally )?published|originally appeared)\b.{0,80}$"
    r"|(?:view|read|see) (?:the )?(?:original|source|full)\b.{0,60}(?:https?:|www\.|\bon\b|\bhere\b)"
    r"|(?:the )?(?:full|original|complete) (?:report|article|text|story|post|version"
    r"|release)\b.{0,60}\b(?:can be found|is available|available|published) (?:here|at|on)\b"
    r"|the source url\b.{0,300}$|(?:this|the) (?:news )?(?:article|post|release|story)\b.{0,40}\b(?:relied on content"
    r"|(?:was|were|has been) (?:amplified|distributed|syndicated)) .{0,200}$"
    r"|original(?:/source)? (?:article|press release|post|story)\b.{0,80}$"
    r"|(?:log|sign) in to\b.{0,60}|leave a (?:comment|reply)|post a comment|no comments( yet)?$"
    r"|be the first to comment|\d+ (?:comments?|shares?|likes?|views?)$"
    r"|(?:read also|see also|also read|related(?: \w+)?|recommended(?: \w+)?|more on (?:this|the) ?(?:topic|story"
    r"|subject)?"
    r"|don.t miss|you (?:may|might) (?:also )?(?:like|be interested in)|read (?:next|more|on|this)|up next|more"
    r" (?:from|in)"
    r" [\w ]{2,30}|further reading|background reading|in case you missed it|most read|popular|trending|now read"
    r"|in this (?:series|issue|article|section)|on this page|jump to|contents|previous(?:ly)?|next(?: story| article)?)"
    r"\s*[:›»→]\s*\S.{0,300}$"
    r"|(?:tags?|topics?|keywords|categories|category|filed under|labels?|hashtags?)\s*:\s*\S.{0,300}$"
    r"|(?:active filters|clear all|filters?|sort by|language|languages)\s*:?$"
    rf"|(?:{_CONTACT_WORD}\s+)?(?:contacts?|contact (?:us|details|information|person|name)|inquiries"
    rf"|enquiries)\s*(?::.{{0,200}})?$"
    r"|(?:web ?site|company website|official website|e-?mail|tel|tel\.|phone|telephone|mobile|fax|address"
    r"|company name|contact person|company|name|city|country|source|url|link|"
    rf"white ?paper|telegram group|{_NETWORKS}(?:/x)?)(?:\b|(?=https?:"
    rf"|www\.))(?:\([^)]{{0,30}}\))?\s*:?\s*(?:https?:|www\.|t\.me"
    rf"|[\w.+-]+@|@\w|\+?\d[\d ()-]{{6,}}|[\w-]+\.(?:com|org|net|io|ai|kz|gov)\b).{{0,300}}$"
    r"|(?:company name|contact person|contact)\s*:.{0,100}$"
    r"|\W*https?://\S{0,500}\W*$|\W*[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{2,20}\W*$|#\w+(?:\s+#\w+)*\s*$"
    r"|\[?check against delivery\]?$|\W*(?:end|ends|###|# # #|-30-)\W*$|note to (?:investors|editors)\s*:?"
    r"|corrections?(?: and clarifications?)?\s*:\s*\S.{0,200}$|(?:have|got) (?:a )?(?:tip|story|news)\b.{0,20}\?"
    r"|(?:the )?(?:views|opinions)(?: and opinions)?(?: expressed| set out)?\b.{0,80}\b(?:authors?|writers?"
    r"|columnists?|own)\b.{0,160}$"
    r"|was this (?:article|page|story|explainer|answer|content)\b.{0,20}\b(?:useful|helpful)|reply to the"
    r" (?:editor|author)"
    r"|to unsubscribe\b|unsubscribe\b.{0,40}$|reprints?\b.{0,30}\bpermission|(?:table of )?contents\s*:?$|page"
    r" \d+(?: of \d+)?$"
    r"|(?:©|\(c\))\s*[^\W\d]|republish(?:ed|ing)?\b.{0,60}\b(?:licen[cs]e|permission)|image alt|alt(?: text)?\s*:\s*\S"
    r"|(?:loading|listen to this (?:article|story)|text size|font size|print this (?:page|article))\b.{0,20}$"
    r"|you are here\s*:|breadcrumbs?\s*:|attn\b\.?\s*:?\s|attention\s*:\s|estimated reading time|\d+ min(?:ute)?s?"
    r" read$|reading time\b.{0,20}$|last (?:updated|modified)\s*:?$"
    r"|certain statements\b.{0,120}\bforward-looking\b|(?:this|the) (?:press |news )?(?:release|document"
    r"|article|announcement|communication)\b.{0,60}\bforward-looking (?:statements|information)\b"
    r"|(?:all |any )?forward-looking statements\b|(?:legal )?disclaimer\s*:\s*\S"
    r")",
    _I,
)
# A heading after which all is furniture up to the next part of the text.
SECTIONS = re.compile(
    r"\W*(?:read (?:also|next)|see also|also read|related(?: \w+)?|recommended(?: \w+)?|more (?:stories|news"
    r"|articles|on this topic|from .{1,40})|"
    r"most (?:read|popular|viewed)|popular|trending(?: now)?|latest(?: \w+)?|explore more|you (?:may"
    r"|might) (?:also )?like|you may also be interested in|don.t miss|what to read next|"
    r"(?:\d+ )?comments?(?: \(\d+\))?|leave a (?:comment|reply)|join the (?:conversation|discussion)|discussion|"
    r"share(?: this)?(?: \w+)?|follow us|stay connected|subscribe|newsletter|tags?|topics|categories|"
    rf"(?:{_CONTACT_WORD}\s+){{0,2}}contacts?(?: us| details| information)?|(?:media|press) (?:inquiries"
    rf"|enquiries)|for (?:media|press) (?:inquiries|enquiries)|"
    r"(?:legal |important )?disclaimers?|(?:legal )?(?:disclaimer|cautionary (?:note|statement)s?"
    r"|safe harbou?r(?: statement)?s?).{0,80}|"
    r"(?:note (?:on|regarding) )?forward[- ]looking (?:statements?|information).{0,60}|terms of use"
    r"|privacy policy|about (?:us|this (?:site|website))|site map|quick links|"
    r"table of contents|contents|on this page|in this (?:issue|article|section)|about the (?:authors?|writers?"
    r"|contributors?)|"
    r"(?:the )?(?:authors?|contributors?) (?:bio(?:graphy|s)?|profile)s?|corrections?(?: and clarifications?)?|"
    r"further reading|most viewed|top stories|editor.s picks?|latest from .{1,40}|"
    r"who we are|what we do|get involved|our impact|legal notice"
    r")\W*",
    _I,
)
# A part that is the text's own again.
ABOUT = re.compile(
    r"\W*(?:[Mm]ore )?(?:[Aa]bout|ABOUT) (?P<who>(?!us\b|this (?:site|website)\b)(?:[Tt]he )?[A-Z]\w.{0,80}?)\W*"
)
LABELS = re.compile(
    r"\W*(?:(?:the )?(?:blogs?|blog posts?|news|(?:press|news|media) (?:releases?|statements?|notes?|notices?"
    r"|briefings?)"
    r"|stories|story|publications?|articles?|opinions?|op-?ed|analysis|analyses|explainers?|explained|interviews?"
    r"|features?"
    r"|reports?|reportage|(?:guest|photo|video) (?:post|essay|column|blog)|comment|viewpoint|view|perspectives?"
    r"|insights?"
    r"|videos?|podcasts?|events?|speech(?:es)?|remarks|statements?|policy (?:brief|note|paper|memo)s?|briefs?"
    r"|briefings?"
    r"|editorial|leader|commentary|columns?|letters?|essays?|reviews?|profiles?|dispatch(?:es)?|backgrounders?"
    r"|factsheets?"
    r"|fact sheets?|fact[- ]checks?|q ?& ?a|q and a|long ?reads?|special reports?|in depth|in focus|in brief|at a"
    r" glance"
    r"|exclusives?|breaking(?: news)?|updates?|live|weekend|spotlight|field notes|case stud(?:y|ies)|white ?papers?"
    r"|(?:research|working|analytical|discussion|country|briefing|background|information|technical|concept) "
    r"(?:note|paper|brief|report|summary|profile)s?|for immediate release|immediate release|announcements?"
    r"|communiqu[eé]s?"
    r"|transcripts?|newsletters?|bulletins?|minutes|memo(?:randum)?|circular|notice|world|business|politics|economy"
    r"|technology|tech|science|society|culture|education|health|finance|markets|energy|environment|national"
    r"|international"
    r"|regional|local|digital|innovation|start-?ups|security|law|policy|companies|industry|sport)"
    r"(?:\s*(?:[/>›,:&·|–—-]|and)\s*|\W*\Z))+\W*",
    _I,
)
LABELLED = re.compile(
    r"\W*(?:(?:[\w’'&-]+ ){0,3}(?:policy brief|(?:analytical|research|policy|technical|briefing|working) (?:note|paper)"
    r"|discussion paper|briefing|press release|news release|media release|bulletin|newsletter|occasional paper)"
    r"|issue|volume|vol\.|report|note|edition|no\.)"
    r"\s*,?\s*(?:no\.?|n[o°º]|nr\.?|№|#)?\s*\d+(?:[/-]\d+)*\b.*",
    _I,
)
MORE = re.compile(r"\W*(?:read|view|see|learn|show) more\W*", _I)
COMMENTS = re.compile(r"评论|評論|コメント|комментари|пікір", _I)
SUMMARY = re.compile(
    r"\W*(?:(?:ai|machine|automatic(?:ally)?|auto)[- ]?(?:generated )?(?:summary|digest|abstract)|summary"
    r"|tl;?dr|摘要|概要|总结|要約|резюме|key (?:takeaways|points)|in brief|abstract)"
    r"(?:\s*\(.{0,40}\))?\W*",
    _I,
)
SURELY_MACHINE = re.compile(r"\b(?:ai|machine|auto\w*)[- ]?generated|tl;?dr|摘要|总结|要約|\bai (?:summary|digest)", _I)
CREDIT = re.compile(
    r"\W*(?:featured )?(?:photos?|images?|pictures?|illustrations?|graphics?|renderings?|video)(?: credits?|"
    r" courtesy(?: of)?| by"
    r"| source)?\s*[:©]\s*\S"
    r"|\W*(?:featured )?(?:photo|image|picture) (?:credit|courtesy|by|from)\b|\W*credits?\s*:\s*\S",
    _I,
)
CREDITED = re.compile(
    r"(?:^|[.!?)\]”\"/|]\s*|\s)(?:photo|image|picture|illustration)(?: credits?| courtesy of| courtesy| by"
    r"| source)?\s*[:©]\s*\S.{0,120}$"
    r"|\((?:photo|image|picture|courtesy|credit)\b[^()]{0,120}\)\W*$",
    _I,
)
CAPTIONED = re.compile(
    r"\W*(?:(?:photo|image|picture) caption\s*:|pictured(?: above| below| here)?\s*[:,]|(?:table|figure|fig\."
    r"|chart|map|graph|exhibit|box"
    r"|photo)\s+(?:\d{1,3}|[IVX]{1,5})\s*[.:–-]|in (?:the|this) (?:photo|picture|image)\s*[:,]|"
    r"an? (?:ai-generated )?(?:image|photo|photograph|illustration|screenshot|map|chart) (?:of|show\w*)\b)",
    _I,
)
SOURCED = re.compile(r"\W*(?:sources?|notes?)\s*:\s*\S", _I)
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]+")
_CONTACT = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,64}\.\w{2,10}|\+?\(?\d{1,3}\)?[ .-]\(?\d{2,4}\)?[ .-]\d{2,4}[ .-]?\d{2,5}"
    r"|\d{3}\.\d{3}\.\d{4}"
)
_CONTACTS = re.compile(
    rf"\W*(?:{_CONTACT_WORD}\s+)*contacts?\b.{{0,300}}@|for (?:media|press|all) [^.]{{0,60}}contact\W*$", _I
)
_MENU = re.compile(r"\s[|›»>·•]\s")
_SENTENCE = re.compile(r"[a-z,)”\"’%\d][.!?][\"”’)]*$")


def is_furniture(text: str) -> bool:
    """Tell whether a passage is furniture by itself."""
    return LINES.match(text) is not None or is_contact(text) or _CONTACTS.match(text) is not None or _is_address(text)


def is_aside(text: str) -> bool:
    """Tell whether a passage is furniture, a menu, or stands below a picture."""
    caption = CREDIT.match(text) or CREDITED.search(text) or CAPTIONED.match(text)
    return is_furniture(text) or is_menu(text) or (len(text) <= LONG_CHARACTERS and caption is not None)


def is_contact(text: str) -> bool:
    """Tell whether a passage gives an address rather than says something."""
    return (
        len(text) <= LONG_CHARACTERS
        and not text.rstrip().endswith((".", "?", "!"))
        and _CONTACT.search(text) is not None
    )


def _is_address(text: str) -> bool:
    """Tell whether little but web addresses is in a passage."""
    found = URL.search(text)
    return (
        found is not None
        and len(text) <= 2000
        and sum(c.isalpha() for c in URL.sub("", text)) < max(12, 0.2 * len(text))
    )


def is_menu(text: str) -> bool:
    """Tell whether a line is a row of links."""
    parts = _MENU.split(text)
    return (
        len(text) <= 200
        and len(parts) > 1
        and not any(c.isdigit() for c in text)
        and (len(parts) > 2 or ">" in text or "›" in text or "»" in text)
    )


def is_short(text: str) -> bool:
    """Tell whether a line is no sentence: short, and without a stop."""
    return len(text) <= SHORT_CHARACTERS and not text.endswith((".", "!", "?", ";", ",", ".”", '."', ".’", ":"))


def is_prose(passage: Passage) -> bool:
    """Tell whether a passage is one sentence or more."""
    text = passage.text
    return (len(text) > 60 and (_SENTENCE.search(text) is not None or len(text) > LONG_CHARACTERS)) or len(text) > 160
