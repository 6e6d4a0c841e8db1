"""The words that stand in names without telling whose they are, in their folded form."""

from __future__ import annotations

from .fold import fold


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(words).replace("'", "").replace('"', "").split())


# Written apart from the word that follows, or together with it: Abu Bakr, Abubakr.
JOINING = _folded("""
    abd abdel abdul abdal al el ar as ash at ad an az bin ibn ben bint bat bar abu abou abi aba umm um im ould
    van von der den ten ter de del della di da do dos das du des le la les lo st saint san santa mac mc o d l
    عبد ال بن ابن بنت بنو أبو أبا أبي أم ولد آل بيت دير
    בן בת בר אבו אבן אום עבד אל בית
""")

# Never said without the word that follows, except in scripts where it became a name by itself.
SERVING = _folded("عبد abd abdel abdul abdal עבד")

# Make one name with the word before; alone they are among the commonest words of their language.
FOLLOWING = _folded("الله الدين الإسلام allah")

# Before a name. Elsewhere in a name the same word may be the name: Mr King.
TITLES = _folded("""
    mr mrs ms miss mx dr doctor prof professor rev reverend revd fr father sister brother mme mlle mons
    monsieur madame sheikh shaikh shaykh sheik hajj haj hajji hadji imam rabbi sir dame lord lady hon honourable judge
    justice captain capt major maj colonel col general gen lieutenant lt sergeant sgt corporal private
    commander commandant officer minister president king queen prince princess
    الشيخ شيخ السيد السيدة الآنسة الدكتور دكتور الدكتورة دكتورة د م الأستاذ أستاذ الحاج حاج الحاجة القاضي
    المحامي اللواء العميد العقيد المقدم الرائد النقيب الملازم الرقيب العريف المهندس المختار الأب الإمام الوزير
    الرئيس الملك الأمير
    מר גב' גברת ד"ר דוקטור פרופ' פרופסור הרב רב הרבנית עו"ד השופט השופטת אלוף תת ניצב סגן רס"ן סא"ל אל"מ
    סרן סמל רב"ט הנשיא השר ח"כ שייח' שיח'
""")

# Part of what somebody is called, and of what many others are: "Witness 12" is not everyone called a witness.
COMMON = _folded("""
    the and with from for jr sr
    witness source voice speaker unknown unidentified unnamed man woman boy girl child soldier sentry guard
    detainee prisoner
    شاهد شاهدة الشاهد الشاهدة مصدر المصدر صوت مجهول مجهولة رجل امرأة طفل طفلة جندي الجندي معتقل
    עד עדה העד העדה מקור המקור קול אלמוני אלמונית איש אישה ילד ילדה חייל החייל עצור
""")

# How a description begins that stands where a name would: its words are anybody's.
DESCRIBING = frozenset(["the", "a", "an", "one", "some", "about", "several", "un", "une", "le", "la", "les"])
