package attendant

import guiche.AttendanceId
import guiche.Author
import guiche.Card
import guiche.Days
import guiche.DeliveryState
import guiche.InboxFilter
import guiche.Progress
import guiche.ServiceWindow
import guiche.ShownMessage
import guiche.advice
import guiche.allMessages
import guiche.remaining
import guiche.text
import java.time.Duration
import java.time.ZoneId
import java.time.format.DateTimeFormatter

/** The clock on the wall. */
val ZONE: ZoneId = ZoneId.of("America/Sao_Paulo")

private val HOUR = DateTimeFormatter.ofPattern("HH:mm").withZone(ZONE)

/** The Central: a line a card, the newest first. */
fun Counter.inbox(): List<String> = cards().map { card ->
    val badge = if (card.unseen) "●" else " "
    "$badge ${card.contactName}: ${card.preview.text.take(40)}   [${countdown(card.window)}]"
}

/** The cards of the Central, of any day. */
fun Counter.cards(): List<Card> = desk.inbox(InboxFilter(days = Days.Any)).cards

/** A conversation, the newest last, with what became of each message. */
fun Counter.conversation(talk: AttendanceId): List<String> =
    listOf("— ${desk.attendance(talk).let { countdown(it.window.window) }} —") +
        desk.allMessages(talk).take(30).toList().asReversed().map(::line)

private fun line(shown: ShownMessage): String {
    val who = when (shown.message.author) {
        is Author.Contact -> "cliente"
        is Author.Attendant -> "     eu"
        is Author.Host, is Author.Device, is Author.Platform -> "sistema"
    }
    val fate = shown.delivery?.let { "  (${words(it.state)})${it.advice()?.let { why -> " $why" }.orEmpty()}" }.orEmpty()
    return "${HOUR.format(shown.message.at)} $who: ${words(shown)}$fate"
}

private fun words(shown: ShownMessage): String = when (val content = shown.message.content) {
    is guiche.Content.Media -> "📎 ${content.v1.filename ?: "arquivo"} ${content.v1.caption.orEmpty()}".trim()
    else -> content.text()
}

/** How long one may still write freely. */
fun Counter.countdown(window: ServiceWindow): String = when (window) {
    is ServiceWindow.Open -> window.remaining(clock.now())?.let { "janela aberta por mais ${it.hours()}" } ?: "janela aberta"
    is ServiceWindow.Uncertain -> "janela talvez aberta até ${HOUR.format(window.until)}"
    is ServiceWindow.Closed -> window.since?.let { "janela fechada desde ${HOUR.format(it)}" } ?: "o cliente ainda não respondeu"
}

private fun Duration.hours(): String = "%d h %02d min".format(toHours(), toMinutesPart())

/** What became of a message: said as it is, also when nobody knows. */
fun words(state: DeliveryState): String = when (state) {
    is DeliveryState.Queued -> "na fila: sai quando houver rede"
    is DeliveryState.InFlight -> "enviando"
    is DeliveryState.InDoubt -> "em dúvida: talvez tenha chegado"
    is DeliveryState.Held -> "retida"
    is DeliveryState.Settled -> when (state.progress) {
        Progress.ACCEPTED, Progress.PACED -> "aceita"
        Progress.SENT -> "enviada"
        Progress.FAILED -> "falhou"
        Progress.DELIVERED -> "entregue"
        Progress.READ -> "lida"
        Progress.PLAYED -> "ouvida"
    }
    is DeliveryState.Replaced -> "trocada por um modelo"
    is DeliveryState.Discarded -> "descartada"
}
