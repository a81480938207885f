import Foundation
import Guiche

/// Answers one request after another.
final class Stage {
    private var there: World?

    private func world() throws -> World {
        guard let there else { throw Trouble(words: "there is no world yet") }
        return there
    }

    func answer(_ request: Request) throws -> Outcome {
        switch try request.string("ask") {
        case "hello":
            return Outcome(json: "{\"protocol\":1,\"language\":\"swift\"}")
        case "world":
            there?.close()
            there = try World(request)
            return .nothing
        case "start":
            try world().start(request.string("engine"), clock: instant(request.value("clock")))
            return .nothing
        case "restart":
            try world().restart(request.string("engine"), clock: instant(request.value("clock")))
            return .nothing
        case "clocks":
            guard let clocks = try request.value("clocks") as? [String: Any] else { throw Trouble(words: "no clocks") }
            try world().set(clocks)
            return .nothing
        case "operate":
            return try operate(request)
        case "ingest":
            return try ingest(request)
        case "release":
            return try world().release()
        case "tell":
            try tell(request.string("whom"), request.string("script"))
            return .nothing
        case "take":
            return Outcome(json: try take(request.string("what")))
        case let other:
            throw Trouble(words: "there is no request \"\(other)\"")
        }
    }

    private func operate(_ request: Request) throws -> Outcome {
        let (world, name) = (try world(), try request.string("name"))
        let engine = try world.engine(request.string("engine"))
        let (args, requestId) = (try list(request.value("args")), try request.stringIfAny("request"))
        switch try request.string("door") {
        case "engine":
            if let outcome = try specialOperation(engine, of: request.string("engine"), in: world, name, args) {
                return outcome
            }
            return try known(name, asked { try engineOperation(engine, name, args, requestId) })
        case "admin":
            let admin = engine.admin()
            if let outcome = try asked({ try specialOperation(admin, name, args) }) { return outcome }
            return try known(name, asked { try adminOperation(admin, name, args, requestId) })
        case "desk":
            let attendant = try request.stringIfAny("attendant")
            let desk = try asked {
                try attendant.map { try engine.desk(attendant: Id(raw: id($0))) } ?? engine.backOffice()
            }
            if let outcome = try asked({ try specialOperation(desk, name, args, requestId) }) { return outcome }
            return try known(name, asked { try deskOperation(desk, name, args, requestId) })
        case let other:
            throw Trouble(words: "there is no door \"\(other)\"")
        }
    }

    private func known(_ name: String, _ outcome: Outcome?) throws -> Outcome {
        guard let outcome else { throw Trouble(words: "there is no operation \"\(name)\"") }
        return outcome
    }

    private func ingest(_ request: Request) throws -> Outcome {
        let engine = try world().engine(request.string("engine"))
        guard case .ofChannelKind(let kind) = try fromJson(name: "ChannelKind", json: written(request.value("platform"))),
            let body = Data(base64Encoded: try request.string("body"))
        else { throw Trouble(words: "no delivery") }
        let signature = try request.stringIfAny("signature")
        let report = try asked { try engine.ingest(kind: kind, body: body, signature: signature) }
        return Outcome(json: try toJson(value: .ofIngestReport(value: report)))
    }

    private func tell(_ whom: String, _ script: String) throws {
        switch whom {
        case "port": try world().port.tell(script: script)
        case "modules": try world().modules.tell(script: script)
        default: throw Trouble(words: "nobody of that name has a script")
        }
    }

    private func take(_ what: String) throws -> String {
        let world = try world()
        switch what {
        case "sent": return world.port.takeSent()
        case "uploads": return world.port.takeUploads()
        case "fetched": return world.port.takeFetched()
        case "marked_read": return world.port.takeMarked()
        case "probed": return world.port.takeProbed()
        case "modules": return world.modules.takeAsked()
        case "heard": return joined(world.ear.take().map { String($0) })
        default: throw Trouble(words: "nothing of that name is noted")
        }
    }
}
