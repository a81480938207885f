package attendant

import guiche.AddGalleryItem
import guiche.Attendant
import guiche.ChannelId
import guiche.ChannelKind
import guiche.Clock
import guiche.CloudApiSettings
import guiche.CreateAttendant
import guiche.CreateChannel
import guiche.CreateDepartment
import guiche.Desk
import guiche.Engine
import guiche.EngineOptions
import guiche.GalleryItem
import guiche.GalleryKind
import guiche.GalleryScope
import guiche.Membership
import guiche.Platform
import guiche.PlatformOf
import guiche.PumpReport
import guiche.ReopenPolicy
import guiche.Store
import java.nio.file.Path
import java.time.Duration
import java.time.Instant

/** The clock of the machine, which the story moves on instead of waiting for the next day. */
class StoryClock : Clock {
    @Volatile
    var ahead: Duration = Duration.ZERO

    override fun now(): Instant = Instant.now().plus(ahead)
}

/** This app's own engine, on its own database, with one department, one number and one attendant. */
class Counter(database: Path, api: String, val clock: StoryClock) : AutoCloseable {
    val engine: Engine
    val channel: ChannelId
    val ana: Attendant
    val desk: Desk

    init {
        val whatsApp = Platform.cloudApi(CloudApiSettings(TOKEN, listOf(APP_SECRET), baseUrl = api))
        val options = EngineOptions(platforms = listOf(PlatformOf(ChannelKind.WHATS_APP, whatsApp)), clock = clock)
        engine = Engine.open(Store.sqlite(database.toString()), options)
        val admin = engine.admin()
        // The second start of the app finds what the first one set up.
        if (engine.setup().roles.isEmpty()) admin.setAccount(engine.setup().account.copy(name = "Imobiliária Aurora"))
        val department = engine.setup().departments.keys.firstOrNull()
            ?: admin.createDepartment(CreateDepartment("Vendas", ReopenPolicy.Within(Duration.ofHours(24)))).outcome.id
        channel = engine.setup().channels.keys.firstOrNull() ?: admin.createChannel(
            CreateChannel(ChannelKind.WHATS_APP, "WhatsApp", NUMBER_ID, wabaId = WABA_ID, defaultDepartment = department),
        ).outcome.id
        ana = engine.setup().attendants.values.firstOrNull { it.login == "ana" }
            ?: admin.createAttendant(CreateAttendant("Ana", "ana", "supervisor", listOf(Membership(department, true)))).outcome
        desk = engine.desk(ana.id)
    }

    /** The gallery's book of plans, made when it is not there. */
    fun book(): GalleryItem = desk.galleryItems(guiche.GalleryFilter(GalleryKind.FILES)).items.firstOrNull() ?: run {
        val file = engine.storeMediaBytes(PLANS.toByteArray(), "plantas.txt")
        val item = AddGalleryItem(GalleryKind.FILES, GalleryScope.Account, name = "Plantas", caption = "As plantas", file = file)
        // What everybody sends is the host's to put there.
        engine.backOffice().use { it.addGalleryItem(item) }.outcome
    }

    /** What has to be done now and then: what time brings, what is queued, what came with a file. */
    fun work(): PumpReport {
        engine.advance()
        val report = engine.pump()
        engine.fetchFiles()
        return report
    }

    override fun close() = engine.shutDown()

    private companion object {
        const val PLANS = "Torre B\n2 dormitórios: 54 m²\n3 dormitórios: 72 m²\n"
    }
}
