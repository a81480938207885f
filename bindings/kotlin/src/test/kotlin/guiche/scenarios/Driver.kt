package guiche.scenarios

import guiche.AnyValue
import guiche.Desk
import guiche.Engine
import guiche.GuicheException
import guiche.Id
import guiche.InternalException
import guiche.Locale
import guiche.SyncPage
import guiche.SyncProgress
import guiche.TemplateDiff
import guiche.toJson
import java.io.PrintStream
import java.util.Base64
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** The protocol that is spoken (`ffi-tests/DRIVERS.md`). */
private const val PROTOCOL = 1L

/** The largest file of a contact that a scenario reads from memory. */
private val LARGEST_READ = 64uL * 1024uL * 1024uL

/** The driver of the scenarios: one JSON request a line in, one JSON answer a line out, until the input ends. */
fun main() {
    val answers = PrintStream(java.io.FileOutputStream(java.io.FileDescriptor.out), true, Charsets.UTF_8)
    // Nothing else may be written to the output.
    System.setOut(System.err)
    val driver = Driver()
    System.`in`.bufferedReader(Charsets.UTF_8).forEachLine { line -> answers.println(driver.answer(line)) }
    driver.leave()
}

/** Answers the runner's requests. */
internal class Driver {
    private var world: World? = null

    /** The answer to one request, as JSON. */
    fun answer(line: String): String = try {
        val outcome = answered(Json.parseToJsonElement(line).jsonObject)
        val repeated = outcome.repeated?.let { ",\"repeated\":$it" } ?: ""
        "{\"ok\":${outcome.json}$repeated}"
    } catch (error: GuicheException) {
        failed(error)
    } catch (trouble: Exception) {
        "{\"trouble\":${quoted(trouble.message ?: trouble.javaClass.name)}}"
    }

    /** Lets go of everything. */
    fun leave() {
        world?.close()
        world = null
    }

    private fun answered(request: JsonObject): Outcome = when (val ask = text(request.field("ask"))) {
        "hello" -> {
            check(number(request.field("protocol")) == PROTOCOL) { "this driver speaks protocol $PROTOCOL" }
            Outcome("{\"protocol\":$PROTOCOL,\"language\":\"kotlin\"}")
        }
        "world" -> nothing {
            leave()
            world = World(
                folder = maybe(request.field("folder")) { text(it) }.takeIf { text(request.field("store")) == "sqlite" },
                connected = flag(request.field("modules")),
                appSecret = text(request.field("app_secret")),
                firstId = number(request.field("first_id")),
                jitterSeed = size(request.field("jitter_seed")),
            )
        }
        "start" -> nothing { world().start(text(request.field("engine")), instant(request.field("clock"))) }
        "restart" -> nothing { world().restart(text(request.field("engine")), instant(request.field("clock"))) }
        "clocks" -> nothing {
            request.field("clocks").jsonObject.forEach { (engine, now) -> world().setClock(engine, instant(now)) }
        }
        "operate" -> operated(request)
        "ingest" -> {
            val body = Base64.getDecoder().decode(text(request.field("body")))
            val signature = maybe(request.field("signature")) { text(it) }
            val kind = readChannelKind(request.field("platform"))
            val report = world().engine(text(request.field("engine"))).ingest(kind, body, signature)
            Outcome(toJson(AnyValue.OfIngestReport(report)))
        }
        "release" -> pumped(world().release())
        "tell" -> nothing { world().tell(text(request.field("whom")), text(request.field("script"))) }
        "take" -> Outcome(world().take(text(request.field("what"))))
        else -> error("there is no request \"$ask\"")
    }

    private fun operated(request: JsonObject): Outcome {
        val engine = world().engine(text(request.field("engine")))
        val name = text(request.field("name"))
        val args = request.field("args").jsonArray
        val requestId = maybe(request.field("request")) { text(it) }
        val outcome = when (val door = text(request.field("door"))) {
            "engine" -> onEngine(engine, name, args) ?: engineOperation(engine, name, args, requestId)
            "admin" -> engine.admin().use { admin ->
                when (name) {
                    "unresolved" -> Outcome(joined(admin.unresolved(count(args[0])).map(::parked)))
                    "kept" -> {
                        val kept = admin.kept(maybe(args[0]) { Id(id(it)) }, count(args[1]))
                        Outcome(joined(kept.map { element -> kept(element) }))
                    }
                    else -> adminOperation(admin, name, args, requestId)
                }
            }
            "desk" -> {
                val attendant = maybe(request.field("attendant")) { id(it) }
                val desk = if (attendant == null) engine.backOffice() else engine.desk(Id(attendant))
                desk.use { onDesk(it, name, args, requestId) ?: deskOperation(it, name, args, requestId) }
            }
            else -> error("there is no door \"$door\"")
        }
        return checkNotNull(outcome) { "there is no operation \"$name\"" }
    }

    /** What of the engine no table can tell. */
    private fun onEngine(engine: Engine, name: String, args: List<JsonElement>): Outcome? = when (name) {
        "desk" -> engine.desk(Id(id(args[0]))).use { attendantOf(it) }
        "close" -> nothing { engine.shutDown() }
        "fit" -> fit(engine.fit(readMediaFile(args[0]), Id(id(args[1])), maybe(args[2]) { readMediaKind(it) }))
        "store_media" -> Outcome(toJson(AnyValue.OfMediaFile(stored(engine, args[0], text(args[1])))))
        "diff_templates_with" -> watched(args) { engine.diffTemplatesWith(Id(id(args[0])), it) }
        "sync_templates_with" -> watched(args) { engine.syncTemplatesWith(Id(id(args[0])), it) }
        "subscribe" -> Outcome(world().subscribe(engine).toString())
        "unsubscribe" -> nothing { world().unsubscribe(number(args[0])) }
        "pump" -> pumped(world().pump(engine, count(args[0])))
        "pump_modules" -> try {
            Outcome(toJson(AnyValue.OfModulesReport(engine.pumpModules(count(args[0])))))
        } catch (_: InternalException) {
            // What a panic comes as: the script had the process die meanwhile.
            Outcome("{\"died\":true}")
        }
        else -> null
    }

    /** What of a desk no table can tell. */
    private fun onDesk(desk: Desk, name: String, args: List<JsonElement>, request: String?): Outcome? = when (name) {
        "attendant_id" -> attendantOf(desk)
        "change_tags" -> {
            val (add, remove) = listOf(args[1], args[2]).map { tags -> list(tags).map { Id<guiche.OfTag>(id(it)) } }
            val done = desk.changeTags(Id(id(args[0])), add, remove, request)
            Outcome(toJson(AnyValue.OfAttendance(done.outcome)), done.repeated)
        }
        "fit" -> fit(desk.fit(readMediaFile(args[0]), Id(id(args[1])), maybe(args[2]) { readMediaKind(it) }))
        "gallery_file" -> {
            val local = desk.galleryFile(Id(id(args[0])), maybe(args[1]) { count(it) })
            Outcome(toJson(AnyValue.OfMediaFile(local.file)))
        }
        "message_file" -> Outcome(toJson(AnyValue.OfMediaFile(desk.messageFile(Id(id(args[0]))).file)))
        "open_message_file" -> {
            val bytes = desk.readMessageFile(Id(id(args[0])), LARGEST_READ)
            Outcome("{\"size\":${bytes.size},\"text\":${utf8(bytes)?.let { quoted(it) } ?: "null"}}")
        }
        else -> null
    }

    private fun world(): World = checkNotNull(world) { "there is no world yet" }
}

private fun nothing(does: () -> Unit): Outcome {
    does()
    return Outcome("null")
}

/** A listing whose progress says stop after so many pages, or never: the difference, and what it was told. */
private fun watched(args: List<JsonElement>, listing: (SyncProgress) -> TemplateDiff): Outcome {
    val until = maybe(args[1]) { number(it) }
    val told = mutableListOf<SyncPage>()
    val diff = listing(object : SyncProgress {
        override fun pageRead(progress: SyncPage): Boolean {
            told += progress
            return told.size.toLong() != until
        }
    })
    return Outcome("{\"diff\":${toJson(AnyValue.OfTemplateDiff(diff))},\"progress\":${joined(told.map { toJson(AnyValue.OfSyncPage(it)) })}}")
}

private fun attendantOf(desk: Desk): Outcome = Outcome(desk.attendantId()?.let { quoted(it.raw) } ?: "null")

private fun pumped(pumped: Pumped): Outcome = when (pumped) {
    Pumped.Waits -> Outcome("{\"waits\":true}")
    is Pumped.Over -> Outcome(toJson(AnyValue.OfPumpReport(pumped.report)))
}

/** An error as the runner wants it: its class, its code, whether trying again helps, its fields, and its sentences. */
private fun failed(error: GuicheException): String {
    val (kind, fields) = when (error) {
        is GuicheException.Refused -> "refused" to toJson(AnyValue.OfRefusal(error.refusal))
        is GuicheException.Invalid -> "invalid" to toJson(AnyValue.OfProblem(error.problem)).with("field", quoted(error.field))
        is GuicheException.NotFound ->
            "not_found" to "{}".with("entity", toJson(AnyValue.OfEntity(error.entity))).with("id", quoted(error.id))
        is GuicheException.InConflict -> "conflict" to toJson(AnyValue.OfConflict(error.conflict))
        is GuicheException.Busy -> "busy" to "{}"
        is GuicheException.Closed -> "closed" to "{}"
        is GuicheException.StoreFailed -> "store" to "{}"
        is GuicheException.Messaging -> "messaging" to "{}"
        is GuicheException.Foreign -> "foreign" to "{}"
    }
    val value = fields
        .with("class", quoted(kind))
        .with("code", quoted(error.code()))
        .with("retry", toJson(AnyValue.OfRetry(error.retry())))
    val words = "{\"pt-BR\":${quoted(error.explain(Locale.PT_BR, 0))},\"en\":${quoted(error.explain(Locale.EN, 0))}}"
    return "{\"error\":$value,\"explain\":$words}"
}

private fun JsonObject.field(name: String): JsonElement = this[name] ?: JsonNull
