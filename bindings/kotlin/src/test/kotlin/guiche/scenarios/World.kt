package guiche.scenarios

import guiche.ChannelKind
import guiche.Engine
import guiche.EngineOptions
import guiche.GuicheException
import guiche.Listener
import guiche.ManualClock
import guiche.Platform
import guiche.PlatformOf
import guiche.PumpReport
import guiche.ScriptedModules
import guiche.ScriptedPort
import guiche.SeededJitter
import guiche.SequenceIds
import guiche.Store
import guiche.StoreDurability
import guiche.StoreOptions
import guiche.Subscription
import java.nio.file.Path
import java.time.Instant

/** How a pump went. */
internal sealed interface Pumped {
    /** It is over. */
    class Over(val report: PumpReport) : Pumped

    /** Its port keeps it waiting. */
    data object Waits : Pumped
}

/** The world of one scenario: a store, the engines on it, and what plays the platform and the modules. */
internal class World(
    private val folder: String?,
    private val connected: Boolean,
    private val appSecret: String,
    firstId: Long,
    private val jitterSeed: ULong,
) : AutoCloseable {
    private val memory = Store.memory()
    private val ids = SequenceIds(firstId)
    private val port = ScriptedPort()
    private val modules = ScriptedModules()
    private val ear = Ear()
    private val running = mutableMapOf<String, Running>()
    private val subscriptions = mutableMapOf<Long, Pair<Engine, Subscription>>()
    private var subscribed = 0L
    private var waiting: Pump? = null

    /** Starts an engine. */
    fun start(name: String, now: Instant) {
        val store = if (folder == null) {
            memory
        } else {
            Store.sqlite(Path.of(folder, "guiche.db").toString(), StoreOptions(durability = StoreDurability.NORMAL))
        }
        val clock = ManualClock(now)
        val jitter = SeededJitter(jitterSeed)
        val options = EngineOptions(
            platforms = listOf(PlatformOf(ChannelKind.WHATS_APP, Platform.scripted(port, appSecret))),
            modules = if (connected) modules.asModules() else null,
            clock = clock.asClock(),
            ids = ids.asIds(),
            jitter = jitter.asJitter(),
        )
        running[name] = Running(Engine.open(store, options), clock)
        // The engine has its own hold on all of it.
        options.destroy()
        jitter.close()
        if (store !== memory) store.close()
    }

    /** Has the process of an engine die, and another one begin. */
    fun restart(name: String, now: Instant) {
        endWaiting()
        running.remove(name)?.let { letGo(it) }
        start(name, now)
    }

    fun engine(name: String): Engine = checkNotNull(running[name]) { "no engine \"$name\" was started" }.engine

    fun setClock(name: String, now: Instant) {
        checkNotNull(running[name]) { "no engine \"$name\" was started" }.clock.set(now)
    }

    /** Pumps; follows it on a thread of its own if the port will keep it waiting. */
    fun pump(engine: Engine, limit: UInt): Pumped {
        if (waiting != null || !port.willHold()) return Pumped.Over(engine.pump(limit))
        return follow(Pump(engine, limit).also { it.start() })
    }

    /** Lets the pump that waits go on. */
    fun release(): Pumped {
        val pump = checkNotNull(waiting) { "no pump waits for its port" }
        waiting = null
        port.release()
        return follow(pump)
    }

    private fun follow(pump: Pump): Pumped {
        while (pump.isAlive) {
            if (port.waitHeld(2u)) {
                waiting = pump
                return Pumped.Waits
            }
        }
        return Pumped.Over(pump.report())
    }

    fun subscribe(engine: Engine): Long {
        subscribed += 1
        subscriptions[subscribed] = engine to engine.subscribe(ear)
        return subscribed
    }

    fun unsubscribe(number: Long) {
        subscriptions[number]?.second?.cancel()
    }

    fun tell(whom: String, script: String) {
        try {
            when (whom) {
                "port" -> port.tell(script)
                "modules" -> modules.tell(script)
                else -> error("nobody of the name $whom has a script")
            }
        } catch (wrong: GuicheException) {
            throw IllegalArgumentException("the script is not understood: $wrong", wrong)
        }
    }

    fun take(what: String): String = when (what) {
        "sent" -> port.takeSent()
        "uploads" -> port.takeUploads()
        "fetched" -> port.takeFetched()
        "marked_read" -> port.takeMarked()
        "probed" -> port.takeProbed()
        "modules" -> modules.takeAsked()
        "heard" -> joined(ear.take().map { it.toString() })
        else -> error("nothing of the name $what is noted")
    }

    private fun endWaiting() {
        waiting?.let { pump ->
            port.abandon()
            pump.join()
        }
        waiting = null
    }

    private fun letGo(gone: Running) {
        subscriptions.entries.removeIf { (_, of) ->
            val its = of.first === gone.engine
            if (its) of.second.close()
            its
        }
        gone.engine.close()
        gone.clock.close()
    }

    override fun close() {
        endWaiting()
        running.values.forEach { letGo(it) }
        running.clear()
        listOf(memory, ids, port, modules).forEach { it.close() }
    }

    private class Running(val engine: Engine, val clock: ManualClock)

    /** A pump on a thread of its own, which may die there. */
    private class Pump(private val engine: Engine, private val limit: UInt) : Thread("pump") {
        @Volatile
        private var outcome: Result<PumpReport>? = null

        override fun run() {
            outcome = runCatching { engine.pump(limit) }
        }

        fun report(): PumpReport {
            join()
            return checkNotNull(outcome).getOrThrow()
        }
    }

    /** Keeps every number that it hears. */
    private class Ear : Listener {
        private val heard = mutableListOf<Long>()

        override fun committed(seq: Long) {
            synchronized(heard) { heard += seq }
        }

        fun take(): List<Long> = synchronized(heard) { heard.toList().also { heard.clear() } }
    }
}
