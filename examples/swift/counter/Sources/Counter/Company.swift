import Foundation
import Guiche

/// The machine's clock, and what a demonstration has let pass on top of it.
final class ShiftedClock: Clock, @unchecked Sendable {
    private let lock = NSLock()
    private var ahead: TimeInterval = 0

    func now() throws -> Date { time }

    var time: Date { lock.withLock { Date().addingTimeInterval(ahead) } }

    func letsPass(_ seconds: TimeInterval) {
        lock.withLock { ahead += seconds }
    }
}

/// How the app reaches the platform.
struct Access: Sendable {
    let address: String
    let token: String
    let appSecret: String
    let numberId: String
    let wabaId: String

    /// The sandbox's own settings, as `guiche-sandbox --help` tells them.
    static func sandbox(_ address: String) -> Access {
        Access(
            address: address, token: "sandbox-token", appSecret: "sandbox-app-secret", numberId: "20000000000000001",
            wabaId: "30000000000000001")
    }

    /// Where there is no network: nothing listens there.
    var offline: Access {
        Access(address: "http://127.0.0.1:9", token: token, appSecret: appSecret, numberId: numberId, wabaId: wabaId)
    }
}

/// The company's engine over its database, with a thread that does what is due.
final class Company: @unchecked Sendable {
    let clock: ShiftedClock
    private let path: String
    private let lock = NSLock()
    private var current: Engine?

    init(path: String, access: Access, clock: ShiftedClock) throws {
        (self.path, self.clock) = (path, clock)
        try open(access)
    }

    var engine: Engine {
        get throws {
            guard let engine = lock.withLock({ current }) else { throw GuicheError.Closed }
            return engine
        }
    }

    var ana: Desk {
        get throws { try engine.deskOf(login: "ana") }
    }

    var channel: Channel {
        get throws {
            guard let found = try engine.setup().channels.values.first else { throw GuicheError.Closed }
            return found
        }
    }

    /// Closes the engine and opens it again on the same database, as an app that is started anew does.
    func open(_ access: Access) throws {
        close()
        let settings = CloudApiSettings(token: access.token, appSecrets: [access.appSecret], baseUrl: access.address)
        let platform = PlatformOf(kind: .whatsApp, platform: try .cloudApi(settings: settings))
        let engine = try Engine.open(
            store: .sqlite(path: path), options: EngineOptions(platforms: [platform], clock: clock))
        if try engine.setup().channels.isEmpty { try setUp(engine, access) }
        lock.withLock { current = engine }
        Thread.detachNewThread {
            do {
                while true {
                    _ = try engine.advance()
                    _ = try engine.pump()
                    _ = try engine.fetchFiles()
                    Thread.sleep(forTimeInterval: 0.1)
                }
            } catch GuicheError.Closed {
                // Another engine has taken over.
            } catch {
                FileHandle.standardError.write(Data("o trabalho parou: \(error)\n".utf8))
            }
        }
    }

    func close() {
        let engine = lock.withLock {
            defer { current = nil }
            return current
        }
        engine?.shutDown()
    }

    /// Takes a delivery in; the status with which it is answered.
    func takes(_ body: Data, _ signature: String?) -> Int {
        do {
            _ = try engine.ingest(kind: .whatsApp, body: body, signature: signature)
            return 200
        } catch GuicheError.Invalid(field: "signature", _) {
            return 401
        } catch {
            // The platform comes again.
            return 503
        }
    }

    /// The company, its department, its number and Ana; once in the life of a database.
    private func setUp(_ engine: Engine, _ access: Access) throws {
        let admin = engine.admin()
        _ = try admin.setAccount(account: .named("Construtora Horizonte"))
        let sales = try admin.createDepartment(command: CreateDepartment(name: "Vendas", reopen: .always)).outcome
        let channel = try admin.createChannel(
            command: CreateChannel(
                kind: .whatsApp, name: "WhatsApp", numberId: access.numberId, wabaId: access.wabaId,
                defaultDepartment: sales.id)).outcome
        _ = try admin.createAttendant(
            command: CreateAttendant(
                name: "Ana", login: "ana", role: "attendant", departments: [Membership(departmentId: sales.id)]))
        _ = try engine.syncTemplates(channel: channel.id)
    }
}
