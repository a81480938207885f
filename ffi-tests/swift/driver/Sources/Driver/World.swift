import Foundation
import Guiche

/// Hears commits.
final class Ear: Listener, @unchecked Sendable {
    private let lock = NSLock()
    private var heard: [Int64] = []

    func committed(seq: Int64) throws {
        lock.withLock { heard.append(seq) }
    }

    func take() -> [Int64] {
        lock.withLock {
            defer { heard = [] }
            return heard
        }
    }
}

/// A pump on a thread of its own.
final class Pump: @unchecked Sendable {
    private let over = NSCondition()
    private var result: Result<PumpReport, any Error>?

    init(_ engine: Engine, limit: UInt32) {
        Thread.detachNewThread { [self] in
            let result = Result { try engine.pump(limit: limit) }
            over.withLock {
                self.result = result
                over.broadcast()
            }
        }
    }

    /// How it ended, if it did.
    var ended: Result<PumpReport, any Error>? {
        over.withLock { result }
    }

    /// Waits until it ends.
    func join() {
        over.withLock {
            while result == nil { over.wait() }
        }
    }
}

/// A store, the engines on it, a platform and modules by script.
final class World {
    private struct Running {
        let engine: Engine
        let clock: ManualClock
    }

    /// The store in memory; nil when rows are kept in the folder.
    private let memory: Store?
    private let folder: String?
    private let ids: SequenceIds
    private let chance: UInt64
    private let secret: String
    private let connected: Bool
    private var running: [String: Running] = [:]
    private var waiting: Pump?
    private var subscriptions: [Int64: (engine: String, subscription: Subscription)] = [:]
    private var subscribed: Int64 = 0

    let port = ScriptedPort()
    let modules = ScriptedModules()
    let ear = Ear()

    init(_ request: Request) throws {
        folder = try request.stringIfAny("folder")
        memory = try request.string("store") == "memory" ? Store.memory() : nil
        connected = try flag(request.value("modules"))
        secret = try request.string("app_secret")
        ids = SequenceIds(first: try number(request.value("first_id")))
        chance = try size(request.value("jitter_seed"))
    }

    /// Ends a world whose successor comes.
    func close() {
        abandon()
        subscriptions = [:]
        for (_, engine) in running { engine.engine.shutDown() }
        running = [:]
    }

    func engine(_ name: String) throws -> Engine {
        guard let found = running[name] else { throw Trouble(words: "no engine \"\(name)\" was started") }
        return found.engine
    }

    func start(_ name: String, clock now: Date) throws {
        let store: Store
        if let memory {
            store = memory
        } else {
            store = try Store.sqlite(
                path: "\(folder ?? ".")/guiche.db", options: StoreOptions(durability: .normal))
        }
        let clock = ManualClock(start: now)
        let options = EngineOptions(
            platforms: [PlatformOf(kind: .whatsApp, platform: .scripted(port: port, appSecret: secret))],
            modules: connected ? modules.asModules() : nil,
            clock: clock.asClock(),
            ids: ids.asIds(),
            jitter: SeededJitter(seed: chance).asJitter())
        running[name] = Running(engine: try Engine.open(store: store, options: options), clock: clock)
    }

    /// The process of an engine dies and another one begins.
    func restart(_ name: String, clock: Date) throws {
        abandon()
        subscriptions = subscriptions.filter { $0.value.engine != name }
        running[name] = nil
        try start(name, clock: clock)
    }

    func set(_ clocks: [String: Any]) throws {
        for (name, now) in clocks { running[name]?.clock.set(now: try instant(now)) }
    }

    func subscribe(_ name: String) throws -> Int64 {
        let engine = try engine(name)
        let subscription = try asked { try engine.subscribe(listener: ear) }
        subscribed += 1
        subscriptions[subscribed] = (name, subscription)
        return subscribed
    }

    func unsubscribe(_ number: Int64) {
        subscriptions.removeValue(forKey: number)?.subscription.cancel()
    }

    /// Pumps; on a thread of its own when the script keeps the caller waiting.
    func pump(_ engine: Engine, limit: UInt32) throws -> Outcome {
        if waiting != nil || !port.willHold() {
            let report = try asked { try engine.pump(limit: limit) }
            return Outcome(json: try toJson(value: .ofPumpReport(value: report)))
        }
        return try follow(Pump(engine, limit: limit))
    }

    /// Lets the pump that waits go on.
    func release() throws -> Outcome {
        guard let pump = waiting else { throw Trouble(words: "no pump waits for its port") }
        waiting = nil
        port.release()
        return try follow(pump)
    }

    private func follow(_ pump: Pump) throws -> Outcome {
        while true {
            if let result = pump.ended {
                let report = try asked { try result.get() }
                return Outcome(json: try toJson(value: .ofPumpReport(value: report)))
            }
            if port.waitHeld(milliseconds: 2) {
                waiting = pump
                return Outcome(json: "{\"waits\":true}")
            }
        }
    }

    private func abandon() {
        guard let pump = waiting else { return }
        waiting = nil
        port.abandon()
        pump.join()
    }
}
