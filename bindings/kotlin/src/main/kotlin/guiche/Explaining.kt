package guiche

import java.time.Instant
import java.time.ZoneId

/**
 * The sentence for a person, with the next step, in times of the clock at [zone] as it stood or will stand then.
 *
 * Programs read [GuicheException.code] and the fields; `message` is for logs.
 */
fun GuicheException.explain(locale: Locale = Locale.PT_BR, zone: ZoneId = ZoneId.systemDefault()): String =
    explain(locale, zone.rules.getOffset(instant() ?: Instant.EPOCH).totalSeconds / 60)

/**
 * What to tell the attendant about a delivery: why it failed, why it waits for another try, or why it is held; null where there
 * is nothing of these to tell. The same error reads otherwise while the engine goes on trying and once it has given up.
 */
fun Delivery.advice(locale: Locale = Locale.PT_BR): String? = deliveryAdvice(this, locale)

/**
 * What to tell the attendant about a platform's error where nothing is tried again by itself. Of a message, [Delivery.advice]
 * knows whether it is; of a code alone, [platformAdvice].
 */
fun PlatformError.advice(locale: Locale = Locale.PT_BR): String = platformAdvice(code, locale)

/** Why a message is held, in a sentence for a person. */
fun HeldReason.explain(locale: Locale = Locale.PT_BR): String = heldReasonExplain(this, locale)

/** What became of a contact's file, in a sentence for a person. */
fun FileState.explain(locale: Locale = Locale.PT_BR): String = fileStateExplain(this, locale)

/** What to do about a file that does not fit, in a sentence for a person. */
fun Fit.advice(locale: Locale = Locale.PT_BR): String = fitAdvice(this, locale)
