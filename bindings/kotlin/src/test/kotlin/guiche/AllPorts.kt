package guiche

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.security.MessageDigest
import java.time.Duration
import java.time.Instant

/** Every port in Kotlin. Each does its work, or what [misbehave] does when it is asked by its name. */
class AllPorts(private val folder: Path = Files.createTempDirectory("guiche-ports-")) {
    /** What a port does before its work, by the port's and the method's name. */
    @Volatile
    var misbehave: (String) -> Unit = { }
    val sent = java.util.concurrent.ConcurrentLinkedQueue<SendJob>()
    val marked = java.util.concurrent.ConcurrentLinkedQueue<String>()
    val uploaded = java.util.concurrent.ConcurrentLinkedQueue<FileUpload>()
    val orders = java.util.concurrent.ConcurrentLinkedQueue<TicketOrder>()

    val messaging = object : MessagingPort {
        override fun send(job: SendJob): SendReport {
            misbehave("send")
            sent += job
            return SendReport(SendAnswer.Accepted("wamid.out.${sent.size}", false, null, null), serverTime = null)
        }

        override fun markRead(channel: Channel, wamid: String, typing: Boolean) {
            misbehave("markRead")
            marked += wamid
        }
    }

    /** The delivery is the text of a message of Maria's. */
    val decoder = object : InboundDecoder {
        override fun verify(body: ByteArray, signature: String?): SignatureError? {
            misbehave("verify")
            return if (signature == "right") null else SignatureError.WRONG
        }

        override fun decode(body: ByteArray): List<InboundItem> {
            misbehave("decode")
            val text = body.decodeToString()
            val message = InboundMessage(
                wamid = "wamid.${text.hashCode()}",
                sender = Handles(waId = Counter.PHONE, profileName = "Maria"),
                timestamp = MORNING,
                activity = Activity.MESSAGE,
                content = Content.Text(text, false),
                forwarded = false,
                errors = listOf(),
            )
            val route = Route(ChannelKind.WHATS_APP, Counter.NUMBER_ID, Counter.WABA_ID)
            return listOf(InboundItem("0", route, Element.Message(message), "{}"))
        }

        override fun content(raw: String): Content? = null
    }

    val templates = object : TemplateSource {
        override fun page(channel: Channel, cursor: String?): TemplatePage {
            misbehave("page")
            val template = TemplateDefinition(
                platformId = "1", name = "retomada", language = "pt_BR", status = TemplateStatus.Approved, category = "UTILITY",
                format = ParameterFormat.POSITIONAL, form = TemplateForm(body = "Olá! Podemos retomar?"),
            )
            return TemplatePage(listOf(template), 0u)
        }
    }

    val media = object : MediaTransfer {
        override fun upload(channel: Channel, file: FileUpload): UploadedMedia {
            misbehave("upload")
            check(Files.size(Path.of(file.path)) == file.size.toLong())
            uploaded += file
            return UploadedMedia("media.${uploaded.size}", Duration.ofDays(30))
        }

        override fun fetch(channel: Channel, mediaId: String, limit: ULong, path: String): FetchedMedia {
            misbehave("fetch")
            Files.writeString(Path.of(path), "fetched")
            return FetchedMedia("text/plain", 7uL, HashCheck.NOT_GIVEN)
        }
    }

    val files = object : MediaStore {
        override fun put(path: String, limit: ULong): StoredMedia {
            misbehave("put")
            val bytes = Files.readAllBytes(Path.of(path))
            val sha256 = MessageDigest.getInstance("SHA-256").digest(bytes).joinToString("") { "%02x".format(it) }
            Files.copy(Path.of(path), folder.resolve(sha256), StandardCopyOption.REPLACE_EXISTING)
            return StoredMedia(sha256, bytes.size.toULong(), bytes.copyOf(minOf(bytes.size, 512)))
        }

        override fun path(sha256: String): String? {
            misbehave("path")
            return folder.resolve(sha256).takeIf { Files.exists(it) }?.toString()
        }
    }

    val modules = object : ModulesPort {
        override fun records(query: RecordQuery): List<ModuleRecord> {
            misbehave("records")
            return listOf(ModuleRecord(RecordRef(LinkKind.Opportunity, "17", "vendas"), "Apartamento 42"))
        }

        override fun deepLink(record: RecordRef): String? {
            misbehave("deepLink")
            return "https://vendas.example/${record.number}"
        }

        override fun openTicket(order: TicketOrder): OpenedTicket {
            misbehave("openTicket")
            orders += order
            return OpenedTicket("2026-17")
        }

        override fun findTicket(key: String): OpenedTicket? {
            misbehave("findTicket")
            return null
        }
    }

    val clock = object : Clock {
        override fun now(): Instant {
            misbehave("now")
            return MORNING
        }
    }

    val ids = object : IdSource {
        private val next = java.util.concurrent.atomic.AtomicLong(1_001)

        override fun nextId(now: Instant): Long {
            misbehave("nextId")
            return next.getAndIncrement()
        }
    }

    val jitter = object : Jitter {
        override fun fraction(): Double {
            misbehave("fraction")
            return 0.5
        }
    }

    fun platform(): Platform = Platform.ofPorts(PlatformPorts(messaging, decoder, templates, media))

    fun plugInto(options: EngineOptions): EngineOptions =
        options.copy(modules = modules, clock = clock, ids = ids, jitter = jitter, media = files)

    fun everything(): List<Any> = listOf(messaging, decoder, templates, media, files, modules, clock, ids, jitter)
}
