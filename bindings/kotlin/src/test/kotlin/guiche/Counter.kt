package guiche

import java.time.Duration
import java.time.Instant
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/** When the tests' clocks begin. */
val MORNING: Instant = Instant.parse("2026-11-23T12:00:00Z")

private const val APP_SECRET = "app-secret"

/** A counter at work: an account with a department, a number, Ana at her desk and Maria as its contact. */
class Counter(
    val store: Store = Store.memory(),
    val clock: ManualClock = ManualClock(MORNING),
    platform: ((ScriptedPort) -> Platform)? = null,
    options: (EngineOptions) -> EngineOptions = { it },
) : AutoCloseable {
    val port = ScriptedPort()
    val engine: Engine
    val admin: Admin
    val office: Desk
    val channel: ChannelId
    val department: DepartmentId
    val ana: Attendant
    val desk: Desk
    val maria: ContactId

    init {
        val whatsApp = platform?.invoke(port) ?: Platform.scripted(port, APP_SECRET)
        val plain = EngineOptions(
            platforms = listOf(PlatformOf(ChannelKind.WHATS_APP, whatsApp)),
            clock = clock.asClock(),
            ids = SequenceIds(1_001).asIds(),
            jitter = SeededJitter(7uL).asJitter(),
        )
        engine = Engine.open(store, options(plain))
        admin = engine.admin()
        office = engine.backOffice()
        admin.setAccount(engine.setup().account.copy(name = "Imobiliária Aurora"))
        department = admin.createDepartment(CreateDepartment("Vendas", ReopenPolicy.Within(Duration.ofHours(24)))).outcome.id
        channel = admin.createChannel(
            CreateChannel(ChannelKind.WHATS_APP, "Atendimento", NUMBER_ID, "551140000001", WABA_ID, defaultDepartment = department),
        ).outcome.id
        ana = admin.createAttendant(CreateAttendant("Ana", "ana", "admin", listOf(Membership(department)))).outcome
        desk = engine.desk(ana.id)
        maria = desk.createContact(CreateContact(channel, "Maria", PHONE)).outcome.contact.id
    }

    /** What the platform delivers when Maria writes. */
    fun delivery(text: String, wamid: String = "wamid.$text"): Webhook {
        val body = """{"object":"whatsapp_business_account","entry":[{"id":"$WABA_ID","changes":[{"field":"messages","value":{
            "messaging_product":"whatsapp","metadata":{"display_phone_number":"551140000001","phone_number_id":"$NUMBER_ID"},
            "contacts":[{"profile":{"name":"Maria"},"wa_id":"$PHONE"}],"messages":[{"from":"$PHONE","id":"$wamid",
            "timestamp":"${clock.time().epochSecond}","type":"text","text":{"body":"$text"}}]}}]}]}""".toByteArray()
        return Webhook(body, signature(body))
    }

    /** Maria writes, which opens the window; her attendance. */
    fun mariaWrites(text: String, wamid: String = "wamid.$text"): AttendanceId {
        val (body, signature) = delivery(text, wamid)
        val report = engine.ingest(ChannelKind.WHATS_APP, body, signature)
        return checkNotNull(report.items.single().attendanceId) { report.toString() }
    }

    /** Maria's attendance, opened by her and claimed by Ana. */
    fun talk(): AttendanceId = mariaWrites("Oi").also { desk.claim(it) }

    override fun close() {
        if (!engine.uniffiIsDestroyed) engine.shutDown()
        listOf(desk, office, admin, engine, port, clock).forEach { it.close() }
    }

    companion object {
        const val PHONE = "5511987654321"
        const val NUMBER_ID = "200000000000002"
        const val WABA_ID = "300000000000001"

        /** The header by which the platform proves a body. */
        fun signature(body: ByteArray): String {
            val mac = Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec(APP_SECRET.toByteArray(), "HmacSHA256")) }
            return "sha256=" + mac.doFinal(body).joinToString("") { "%02x".format(it) }
        }
    }
}

/** What a call throws, which is of the type that is meant. */
inline fun <reified E : Throwable> thrownBy(call: () -> Unit): E {
    val thrown = runCatching(call).exceptionOrNull() ?: throw AssertionError("nothing was thrown, and ${E::class} was meant")
    return thrown as? E ?: throw AssertionError("$thrown was thrown, and ${E::class} was meant", thrown)
}

/** The variants of a sealed class, by name. */
fun variantsOf(type: Class<*>): Set<String> = type.permittedSubclasses.map { it.simpleName }.toSet()
