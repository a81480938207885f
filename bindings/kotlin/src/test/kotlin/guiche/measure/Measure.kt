package guiche.measure

import guiche.ChannelKind
import guiche.ChannelRules
import guiche.CreateAttendance
import guiche.CreateChannel
import guiche.CreateContact
import guiche.CreateDepartment
import guiche.Days
import guiche.Engine
import guiche.EngineOptions
import guiche.Id
import guiche.InboxFilter
import guiche.OfChannel
import guiche.ReopenPolicy
import guiche.Store
import guiche.StoreDurability
import guiche.StoreOptions
import guiche.rules
import java.lang.management.ManagementFactory

private const val TEXT = "Bom dia! Confirmo a visita às 10 h."

/**
 * `prepare FILE` makes the database that is measured on; `FILE` measures and prints one line of JSON, nanoseconds of
 * processor time a call: the same calls as `bindings/uniffi/examples/calls.rs`, which measures them in Rust.
 */
fun main(arguments: Array<String>) {
    val options = StoreOptions(durability = StoreDurability.NORMAL)
    val engine = Engine.open(Store.sqlite(arguments.last(), options), EngineOptions())
    if (arguments.first() == "prepare") prepare(engine) else measure(engine)
    engine.shutDown()
}

/** 200 attendances, and 300 messages in the newest, on a number without a window. */
private fun prepare(engine: Engine) {
    val admin = engine.admin()
    val desk = engine.backOffice()
    val department = admin.createDepartment(CreateDepartment("Vendas", ReopenPolicy.Never)).outcome.id
    val rules: ChannelRules = ChannelKind.WHATS_APP.rules().copy(window = null)
    val channel: Id<OfChannel> = admin.createChannel(
        CreateChannel(ChannelKind.WHATS_APP, "Atendimento", "200000000000002", defaultDepartment = department, rules = rules),
    ).outcome.id
    repeat(200) { number ->
        val contact = desk.createContact(CreateContact(channel, "Cliente $number", "55119${10_000_000 + number}")).outcome.contact.id
        val talk = desk.createAttendance(CreateAttendance(contact, channel)).outcome.attendance.id
        repeat(if (number == 199) 300 else 1) { desk.sendText(talk, "$TEXT ($it)") }
    }
}

private fun measure(engine: Engine) {
    val desk = engine.backOffice()
    val all = InboxFilter(days = Days.Any, limit = 50u)
    val talk = desk.inbox(all).cards.first().id
    val newest = desk.messages(talk, null, 1u).first().message.id
    val figures = linkedMapOf(
        "no_op" to nanoseconds(100_000) { desk.attendantId() },
        "point_read" to nanoseconds(20_000) { desk.message(newest) },
        "page_of_50" to nanoseconds(2_000) { desk.messages(talk, null, 50u) },
        "inbox_of_50" to nanoseconds(4_000) { desk.inbox(all) },
        "send" to nanoseconds(1_000) { desk.sendText(talk, TEXT) },
    )
    println(figures.entries.joinToString(",", "{", "}") { (name, value) -> "\"$name\":$value" })
}

/** What one call takes of this thread's processor time, once the machine has compiled what it calls. */
private fun nanoseconds(calls: Int, call: () -> Any?): Long {
    var sink = 0
    // Without something that is done with the outcome, the compiler may leave the call out.
    fun one() {
        sink = sink xor System.identityHashCode(call())
    }
    val threads = ManagementFactory.getThreadMXBean()
    repeat(calls) { one() }
    val begun = threads.currentThreadCpuTime
    repeat(calls) { one() }
    val taken = threads.currentThreadCpuTime - begun
    check(sink != Int.MIN_VALUE)
    return taken / calls
}
