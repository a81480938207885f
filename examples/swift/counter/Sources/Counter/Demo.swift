import Foundation
import Guiche

/// A morning at the counter, by itself, with what must hold checked.
final class Demo {
    let company: Company
    let sandbox: Sandbox
    let receiver: Receiver
    let access: Access
    private let screen = Screen()
    private let maria = "5511987654321"
    private var held = 0
    private var broken: [String] = []

    init(_ company: Company, _ sandbox: Sandbox, _ receiver: Receiver, _ access: Access) {
        (self.company, self.sandbox, self.receiver, self.access) = (company, sandbox, receiver, access)
    }

    /// Plays it; whether everything held.
    func play() throws -> Bool {
        chapter("Maria escreve")
        try sandbox.writes("Oi! A torre B ainda tem apartamento?", name: "Maria", phone: maria)
        try until("o cartão de Maria está na Central") { try company.ana.inbox(filter: InboxFilter()).cards.count == 1 }
        let page = try company.ana.inbox(filter: InboxFilter())
        show(screen.inbox(page))
        guard let talk = page.cards.first?.id else { return false }
        _ = try company.ana.claim(attendanceId: talk)
        let window = try company.ana.window(id: talk).window
        show([screen.countdown(window, at: company.clock.time)])
        holds("a janela está aberta por quase um dia", window.allowsFreeForm && screen.countdown(window, at: company.clock.time).contains("faltam 23h"))

        chapter("Ana responde, e envia da galeria")
        _ = try company.ana.sendText(attendanceId: talk, body: "Tem sim, Maria! 😊 Segue o memorial.")
        let file = try company.engine.storeMediaBytes(bytes: Data("%PDF-1.4\n%%EOF\n".utf8), filename: "Memorial descritivo.pdf")
        let item = try company.engine.backOffice().addGalleryItem(
            item: AddGalleryItem(gallery: .files, scope: .account, name: "Memorial descritivo", file: file)).outcome
        let sent = try company.ana.sendGalleryItems(
            attendanceId: talk, items: [GalleryPick(itemId: item.id, caption: "Torre B")]).outcome
        holds("um aperto põe o arquivo na fila", sent.items.count == 1)
        try until("as duas chegaram") {
            try company.ana.messages(of: talk).all().filter { shown in
                switch shown.delivery?.state {
                case .settled(.delivered), .settled(.read): true
                default: false
                }
            }.count == 2
        }
        try conversation(talk)
        holds("o sandbox recebeu um texto e um documento", try sandbox.taken().map(\.kind) == ["text", "document"])

        chapter("Um arquivo que não cabe")
        let photo = try company.engine.storeMediaBytes(bytes: png(of: 9_000_000), filename: "fachada.png")
        let fit = try company.ana.fit(file: photo, channel: company.channel.id, kind: .image)
        show([fit.advice(.ptBr)])
        holds("o limite é dito antes do envio", fit.advice(.ptBr).contains("5,0 MB"))
        refused("media_too_large") {
            try company.ana.send(attendanceId: talk, content: photo.content(as: .image), replyTo: nil)
        }

        chapter("Sem rede")
        try company.open(access.offline)
        _ = try company.ana.sendText(attendanceId: talk, body: "Posso reservar uma visita para sábado?")
        try until("a engine tentou, e o que foi escrito espera na fila") {
            let delivery = try company.ana.messages(id: talk, limit: 1).first?.delivery
            return delivery?.state == .queued && (delivery?.attempts ?? 0) > 0
        }
        try conversation(talk)
        try company.open(access)
        try pass(15 * 60)
        try until("a rede voltou, e a mensagem foi") {
            guard case .settled = try company.ana.messages(id: talk, limit: 1).first?.delivery?.state else { return false }
            return true
        }
        holds("foi uma vez só", try sandbox.taken().filter { $0.body.contains("reservar uma visita") }.count == 1)

        chapter("No dia seguinte")
        try pass(25 * 3_600)
        show([screen.countdown(try company.ana.window(id: talk).window, at: company.clock.time)])
        refused("window_closed") { try company.ana.sendText(attendanceId: talk, body: "Bom dia!") }
        let templates = try company.ana.sendableTemplates(channel: company.channel.id)
        guard let resume = templates.first(where: { $0.definition.name == "attendance_resume" && $0.definition.language == "pt_BR" })
        else { throw SocketError(what: "no template") }
        _ = try company.ana.sendTemplate(attendanceId: talk, templateId: resume.id, parameters: TemplateParameters())
        try until("o modelo chegou") { try sandbox.taken().last?.kind == "template" }
        try conversation(talk)

        chapter("Um estranho bate")
        let forged = try Sandbox(port: receiver.port).status(of: "/webhook", signature: "sha256=" + String(repeating: "0", count: 64))
        holds("uma entrega forjada recebe 401", forged == 401)

        print("\n\(held) regras valeram, \(broken.count) não.")
        for rule in broken { print("  ✗ \(rule)") }
        return broken.isEmpty
    }

    /// Time passes here and at the platform.
    private func pass(_ seconds: TimeInterval) throws {
        company.clock.letsPass(seconds)
        try sandbox.letsPass(seconds)
    }

    private func chapter(_ title: String) {
        print("\n── \(title)")
    }

    private func show(_ lines: [String]) {
        for line in lines { print("   \(line)") }
    }

    private func conversation(_ talk: AttendanceId) throws {
        show(screen.conversation(try company.ana.messages(of: talk).all(limit: 20)))
    }

    private func holds(_ rule: String, _ held: Bool) {
        if held { self.held += 1 } else { broken.append(rule) }
        print("   \(held ? "✓" : "✗") \(rule)")
    }

    /// That it is refused with that code; shows what the attendant reads.
    private func refused<T>(_ code: String, _ work: () throws -> T) {
        do {
            _ = try work()
            holds("recusado: \(code)", false)
        } catch let error as GuicheError {
            show([screen.refusal(error)])
            holds("recusado: \(code)", error.code() == code)
        } catch {
            holds("recusado: \(code), e não \(error)", false)
        }
    }

    /// Waits until something is so: real HTTP is on the way.
    private func until(_ rule: String, _ so: () throws -> Bool) throws {
        let deadline = Date().addingTimeInterval(60)
        while try !so() {
            guard Date() < deadline else { return holds(rule, false) }
            Thread.sleep(forTimeInterval: 0.05)
        }
        holds(rule, true)
    }

    /// A picture's first bytes, and so many in all.
    private func png(of size: Int) -> Data {
        var bytes = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
        bytes += [0, 0, 4, 0, 0, 0, 4, 0, 8, 2, 0, 0, 0]
        return bytes + Data(count: size - bytes.count)
    }
}

extension Sandbox {
    /// With which status a delivery with that signature is answered.
    func status(of path: String, signature: String) throws -> Int? {
        let socket = try Socket.connected(to: port)
        socket.patience(seconds: 10)
        try socket.write(
            Data("POST \(path) HTTP/1.1\r\nX-Hub-Signature-256: \(signature)\r\nContent-Length: 2\r\n\r\n{}".utf8))
        return try HttpMessage.read(from: socket)?.start.dropFirst().first.flatMap { Int($0) }
    }
}
