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

/** How many rounds are measured, of which the median counts. */
private const val ROUNDS = 15

private const val TEXT = "Bom dia! Confirmo a visita às 10 h."

/**
 * `prepare FILE` makes the database that is measured on; `FILE` measures and prints one line of JSON, nanoseconds a call: the
 * same calls as `bindings/uniffi/examples/calls.rs`, which measures them in Rust.
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
        "no_op" to nanoseconds(10_000) { desk.attendantId() },
        "point_read" to nanoseconds(200) { desk.message(newest) },
        "page_of_50" to nanoseconds(40) { desk.messages(talk, null, 50u) },
        "inbox_of_50" to nanoseconds(20) { desk.inbox(all) },
        "send" to nanoseconds(20) { desk.sendText(talk, TEXT) },
    )
    println(figures.entries.joinToString(",", "{", "}") { (name, value) -> "\"$name\":$value" })
}

/** What one call takes: the median over the rounds, after as many that warm the machine up. */
private fun nanoseconds(calls: Int, call: () -> Any?): Long {
    var sink = 0
    val rounds = List(2 * ROUNDS) {
        val begun = System.nanoTime()
        repeat(calls) { sink = sink xor (call()?.mark() ?: 0) }
        (System.nanoTime() - begun) / calls
    }
    check(sink != Int.MIN_VALUE)
    return rounds.drop(ROUNDS).sorted()[ROUNDS / 2]
}

/** Something of the value that the compiler cannot do without, and that costs nothing. */
private fun Any.mark(): Int = System.identityHashCode(this)
