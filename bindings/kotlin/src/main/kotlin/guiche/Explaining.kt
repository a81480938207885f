package guiche

import java.time.Instant
import java.time.ZoneId

/**
 * The sentence for a person, with the next step, in times of the clock at [zone].
 *
 * Programs read [GuicheException.code] and the fields; `message` is for logs.
 */
fun GuicheException.explain(locale: Locale = Locale.PT_BR, zone: ZoneId = ZoneId.systemDefault()): String =
    explain(locale, zone.rules.getOffset(Instant.now()).totalSeconds / 60)

/** What became of a contact's file, in a sentence for a person. */
fun FileState.explain(locale: Locale = Locale.PT_BR): String = fileStateExplain(this, locale)

/** What to do about a file that does not fit, in a sentence for a person. */
fun Fit.advice(locale: Locale = Locale.PT_BR): String = fitAdvice(this, locale)
