import Foundation
import Guiche

/// The attendant at the keyboard.
struct Commands {
    let company: Company
    let sandbox: Sandbox
    let access: Access
    private let screen = Screen()
    private var talk: AttendanceId?

    init(_ company: Company, _ sandbox: Sandbox, _ access: Access) {
        (self.company, self.sandbox, self.access) = (company, sandbox, access)
    }

    static let help = """
        c             a Central            a NÚMERO      abre um atendimento (e assume)
        t TEXTO       envia um texto       g             mostra a galeria; g NÚMERO envia
        + CAMINHO     põe um arquivo na galeria          j        a janela
        m             modelos; m NÚMERO envia um sem campos
        off, on       sem rede, com rede   maria TEXTO   Maria escreve (no sandbox)
        ?             isto                 q             sai
        """

    mutating func run() {
        print(Commands.help)
        while let line = prompt() {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard let word = parts.first else { continue }
            if word == "q" { return }
            do {
                try obey(word, parts.count > 1 ? parts[1] : "")
            } catch let error as GuicheError {
                print("✗ \(screen.refusal(error))")
            } catch {
                print("✗ \(error)")
            }
        }
    }

    private func prompt() -> String? {
        print("> ", terminator: "")
        fflush(nil)
        return readLine()
    }

    private mutating func obey(_ word: String, _ rest: String) throws {
        let ana = try company.ana
        switch word {
        case "c": show(screen.inbox(try ana.inbox(filter: InboxFilter(days: .any))))
        case "a":
            let id: AttendanceId = Id(raw: Int64(rest) ?? 0)
            if try ana.attendance(id: id).attendance.assigneeId == nil { _ = try ana.claim(attendanceId: id) }
            _ = try ana.markSeen(attendanceId: id)
            talk = id
            try conversation(id)
        case "t": try conversation(ana.sendText(attendanceId: chosen(), body: rest).outcome.attendance.id)
        case "j": show([screen.countdown(try ana.window(id: chosen()).window, at: company.clock.time)])
        case "g":
            let items = try ana.galleryItems(filter: GalleryFilter(gallery: .files)).items
            if let number = Int(rest), items.indices.contains(number - 1) {
                let sent = try ana.sendGalleryItems(attendanceId: chosen(), items: [GalleryPick(itemId: items[number - 1].id)])
                try conversation(sent.outcome.attendance.id)
            } else {
                show(items.enumerated().map { "\($0.offset + 1)  \($0.element.name)" })
            }
        case "+":
            let file = try company.engine.storeMedia(path: rest)
            let item = AddGalleryItem(gallery: .files, scope: .account, name: file.filename, file: file)
            show(["na galeria: \(try company.engine.backOffice().addGalleryItem(item: item).outcome.name)"])
        case "m":
            let templates = try ana.sendableTemplates(channel: company.channel.id)
            if let number = Int(rest), templates.indices.contains(number - 1) {
                let sent = try ana.sendTemplate(
                    attendanceId: chosen(), templateId: templates[number - 1].id, parameters: TemplateParameters())
                try conversation(sent.outcome.attendance.id)
            } else {
                show(templates.enumerated().map { "\($0.offset + 1)  \($0.element.definition.name) (\($0.element.definition.language))" })
            }
        case "off": try company.open(access.offline)
        case "on": try company.open(access)
        case "maria": try sandbox.writes(rest, name: "Maria", phone: "5511987654321")
        default: print(Commands.help)
        }
    }

    private func chosen() throws -> AttendanceId {
        guard let talk else { throw GuicheError.NotFound(entity: .attendance, id: "") }
        return talk
    }

    private func conversation(_ id: AttendanceId) throws {
        show(screen.conversation(try company.ana.messages(of: id).all(limit: 20)))
        show([screen.countdown(try company.ana.window(id: id).window, at: company.clock.time)])
    }

    private func show(_ lines: [String]) {
        for line in lines { print("  \(line)") }
    }
}
