package attendant

import guiche.AttendanceId
import guiche.CreateAttendance
import guiche.CreateContact
import guiche.DeliveryState
import guiche.GalleryOutcome
import guiche.GalleryPick
import guiche.GuicheException
import guiche.HeldReason
import guiche.MessageId
import guiche.Progress
import guiche.Refusal
import guiche.ServiceWindow
import guiche.explain
import java.time.Duration

private const val MARIA = "5511987654321"

/** Waited for at most: webhooks come over HTTP, in their own time. */
private val PATIENCE: Duration = Duration.ofSeconds(30)

/** The fixed story: what an attendant sees, checked as it goes. */
class Story(private val counter: Counter, private val sandbox: Sandbox, private val network: Network) {
    private var checks = 0

    fun play() {
        counter.engine.syncTemplates(counter.channel)
        title("Maria escreve")
        sandbox.writes(MARIA, "Maria", "Oi! O apartamento da Torre B ainda está à venda?")
        await("o cartão da Maria") { counter.cards().isNotEmpty() }
        val card = counter.cards().single()
        show(counter.inbox())
        check("o cartão é novo para Ana", card.unseen)

        title("Ana assume e responde")
        counter.desk.claim(card.id)
        counter.desk.markSeen(card.id)
        val answer = send(card.id, "Olá, Maria! Sim: posso enviar as plantas?")
        counter.work()
        await("a resposta lida") { progress(answer) == Progress.READ }
        show(counter.conversation(card.id))
        check("a janela conta", counter.countdown(counter.desk.window(card.id).window).contains("23 h"))

        gallery(card.id)
        refusals(card.id)
        doubt(card.id)
        offline(card.id)
        println("\n$checks verificações, todas certas")
    }

    private fun gallery(talk: AttendanceId) {
        title("Um toque na galeria")
        val sent = counter.desk.sendGalleryItems(talk, listOf(GalleryPick(counter.book().id))).outcome.items.single()
        counter.work()
        check("o arquivo saiu", sent is GalleryOutcome.Queued && counter.desk.message(sent.messageId).delivery?.wamid != null)
        show(counter.conversation(talk).takeLast(1))
        check("chegou com o nome da galeria", sandbox.tookWith("As plantas") == 1)
    }

    private fun refusals(talk: AttendanceId) {
        title("O que não se pode, e o que fazer")
        val joao = counter.desk.createContact(CreateContact(counter.channel, "João", "5511976543210")).outcome.contact.id
        val cold = counter.desk.createAttendance(CreateAttendance(joao, counter.channel)).outcome.attendance.id
        val never = refused { counter.desk.sendText(cold, "Olá, João!") }
        check("antes da resposta, só modelos", (never as? GuicheException.Refused)?.refusal is Refusal.WindowNeverOpened)
        val long = refused { counter.desk.sendText(talk, "x".repeat(5_000)) }
        check("o limite é dito", ((long as? GuicheException.Refused)?.refusal as? Refusal.TextTooLong)?.limit == 4_096u)
        check("um pedido vazio diz o campo", refused { counter.desk.sendText(talk, " ") } is GuicheException.Invalid)
    }

    private fun doubt(talk: AttendanceId) {
        title("A resposta da rede se perde")
        sandbox.losesTheNextAnswer()
        val sent = send(talk, "Podemos visitar amanhã às 10 h?")
        check("ninguém sabe se chegou", counter.work().inDoubt == 1u)
        println("  " + words(state(sent)))
        await("o aviso que tira a dúvida") { (progress(sent) ?: Progress.FAILED) in setOf(Progress.SENT, Progress.DELIVERED, Progress.READ) }
        check("chegou uma vez", sandbox.tookWith("amanhã às 10 h") == 1)
        show(counter.conversation(talk).takeLast(1))
    }

    private fun offline(talk: AttendanceId) {
        title("Sem rede")
        network.cut()
        val queued = send(talk, "Confirmado: amanhã às 10 h, na Torre B.")
        val report = counter.work()
        check("nada saiu, nada falhou", report.delayed == 1u && report.failed == 0u)
        check("está na fila", state(queued) is DeliveryState.Queued)
        show(counter.conversation(talk).takeLast(1))
        check("a caixa abre sem rede", counter.inbox().size == 2)

        title("Um dia depois, ainda sem rede")
        counter.clock.ahead = Duration.ofHours(25)
        counter.work()
        check("a janela fechou", counter.desk.window(talk).window is ServiceWindow.Closed)
        check("ficou retida: não sai sozinha", (state(queued) as? DeliveryState.Held)?.reason == HeldReason.WINDOW_CLOSED)
        show(counter.conversation(talk).let { it.take(1) + it.takeLast(1) })
        refused { counter.desk.sendText(talk, "Olá?") }

        title("A rede volta, e Maria escreve")
        network.mend()
        sandbox.advance(Duration.ofHours(25))
        sandbox.writes(MARIA, "Maria", "Bom dia! Ainda às 10 h?")
        await("a janela aberta de novo") { counter.desk.window(talk).window is ServiceWindow.Open }
        check("a retida espera por uma pessoa", state(queued) is DeliveryState.Held)
        counter.desk.retry(queued)
        counter.work()
        await("a mensagem entregue") { progress(queued) in setOf(Progress.DELIVERED, Progress.READ) }
        check("saiu uma vez só", sandbox.tookWith("na Torre B") == 1)
        show(counter.conversation(talk).takeLast(3))

        title("A plataforma sai do ar")
        sandbox.stop()
        val last = send(talk, "Até amanhã!")
        val gone = counter.work()
        check("nada se perde, nada se repete", gone.accepted == 0u && gone.failed == 0u)
        show(counter.conversation(talk).takeLast(1))
        check("o que se vê é o que é", state(last) is DeliveryState.Queued || state(last) is DeliveryState.InDoubt)
    }

    /** A press of the send button: the id of the draft makes a second press harmless. */
    private fun send(talk: AttendanceId, text: String): MessageId {
        val first = counter.desk.sendText(talk, text, requestId = "rascunho:$text")
        val second = counter.desk.sendText(talk, text, requestId = "rascunho:$text")
        check("dois toques, uma mensagem", second.repeated && first.outcome.message.id == second.outcome.message.id)
        return first.outcome.message.id
    }

    private fun state(id: MessageId): DeliveryState = checkNotNull(counter.desk.message(id).delivery).state

    private fun progress(id: MessageId): Progress? = (state(id) as? DeliveryState.Settled)?.progress

    private fun refused(call: () -> Unit): GuicheException? = try {
        call()
        null
    } catch (error: GuicheException) {
        println("  ✗ ${error.explain(zone = ZONE)}")
        error
    }

    private fun await(what: String, holds: () -> Boolean) {
        val until = System.nanoTime() + PATIENCE.toNanos()
        while (!holds()) {
            check(System.nanoTime() < until) { "não veio: $what" }
            counter.work()
            Thread.sleep(50)
        }
        checks += 1
    }

    private fun check(what: String, holds: Boolean) {
        check(holds) { "não é assim: $what" }
        checks += 1
    }

    private fun title(text: String) = println("\n== $text")

    private fun show(lines: List<String>) = lines.forEach { println("  $it") }
}
