package attendant

import guiche.AttendanceId
import guiche.GalleryPick
import guiche.GuicheException
import guiche.explain
import guiche.onCommit
import guiche.positionalParameters
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

private const val HELP = """Comandos:
  caixa              os cartões
  abrir N            o N-ésimo cartão; assume o atendimento
  TEXTO              escreve na conversa aberta
  /galeria           envia as plantas
  /modelo            envia o primeiro modelo que pode sair
  /cliente TEXTO     Maria escreve (é o sandbox que a representa)
  /rede              desliga e liga a rede
  /sair"""

/** The same app by hand. What takes time runs on a thread of its own, never on the one that draws. */
class Terminal(private val counter: Counter, private val sandbox: Sandbox, private val network: Network) {
    private var talk: AttendanceId? = null
    private var online = true

    fun run() {
        val worker = Executors.newSingleThreadScheduledExecutor()
        // The listener gets no data: whoever draws asks for what is new. It is kept as long as we want to be told.
        val subscription = counter.engine.onCommit { worker.execute { runCatching { counter.work() } } }
        worker.scheduleWithFixedDelay({ runCatching { counter.work() } }, 0, 500, TimeUnit.MILLISECONDS)
        runCatching { counter.engine.syncTemplates(counter.channel) }
        println(HELP)
        try {
            while (true) {
                print("> ")
                val line = readlnOrNull()?.trim() ?: break
                if (line == "/sair") break
                try {
                    carryOut(line)
                } catch (error: GuicheException) {
                    println("  ✗ ${error.explain(zone = ZONE)}")
                } catch (mistake: IllegalStateException) {
                    println("  ${mistake.message}")
                }
            }
        } finally {
            subscription.close()
            worker.shutdown()
            worker.awaitTermination(10, TimeUnit.SECONDS)
        }
    }

    private fun carryOut(line: String) {
        when {
            line.isEmpty() -> talk?.let { show(counter.conversation(it)) } ?: show(counter.inbox())
            line == "caixa" -> show(counter.inbox().mapIndexed { at, card -> "${at + 1} $card" })
            line.startsWith("abrir ") -> open(line.removePrefix("abrir ").toIntOrNull() ?: 0)
            line == "/galeria" -> counter.desk.sendGalleryItems(current(), listOf(GalleryPick(counter.book().id)))
            line == "/modelo" -> template()
            line.startsWith("/cliente ") -> sandbox.writes("5511987654321", "Maria", line.removePrefix("/cliente "))
            line == "/rede" -> {
                online = !online
                if (online) network.mend() else network.cut()
                println(if (online) "  rede ligada" else "  sem rede")
            }
            line.startsWith("/") -> println(HELP)
            else -> counter.desk.sendText(current(), line)
        }
    }

    private fun open(number: Int) {
        val card = counter.cards().getOrNull(number - 1) ?: return println("  não há esse cartão")
        if (card.assigneeId == null) counter.desk.claim(card.id)
        counter.desk.markSeen(card.id)
        talk = card.id
        show(counter.conversation(card.id))
    }

    private fun template() {
        val template = counter.desk.sendableTemplates(counter.channel).firstOrNull { it.definition.form.header == null }
            ?: return println("  não há modelo que possa sair")
        val blanks = Regex("\\{\\{\\d+}}").findAll(template.definition.form.body).count()
        counter.desk.sendTemplate(current(), template.id, positionalParameters(List(blanks) { "Maria" }))
    }

    private fun current(): AttendanceId = checkNotNull(talk) { "abra um cartão primeiro" }

    private fun show(lines: List<String>) = lines.forEach { println("  $it") }
}
