import Foundation
import Guiche

/// What the attendant sees, in words.
struct Screen {
    let zone = TimeZone(identifier: "America/Sao_Paulo") ?? .current

    /// The inbox: a line per card.
    func inbox(_ page: InboxPage) -> [String] {
        guard !page.cards.isEmpty else { return ["(nada na Central)"] }
        return page.cards.map { card in
            let mark = card.unseen ? "●" : " "
            return "\(mark) \(card.id)  \(card.contactName)  \(phase(card.phase))  \(card.preview.text)"
        }
    }

    /// A conversation, the oldest first.
    func conversation(_ newestFirst: [ShownMessage]) -> [String] {
        newestFirst.reversed().map { shown in
            let side = shown.message.author == .contact ? "‹" : "›"
            let words = shown.message.content.words
            let said = words.isEmpty ? "[\(shown.message.content.kind)]" : words
            let fate = shown.delivery.map { "  \(state($0.state))\($0.advice(.ptBr).map { ": \($0)" } ?? "")" } ?? ""
            return "\(time(shown.message.at)) \(side) \(said)\(fate)"
        }
    }

    /// Until when one may write freely.
    func countdown(_ window: ServiceWindow, at now: Date) -> String {
        switch window {
        case .open(nil, _): return "janela aberta"
        case .open(.some(let until), _):
            let left = max(0, Int(until.timeIntervalSince(now)))
            return "janela aberta até \(time(until)), faltam \(left / 3_600)h\(padded(left / 60 % 60))"
        case .uncertain(let until, _): return "janela incerta até \(time(until))"
        case .closed(nil): return "janela nunca aberta: só modelos"
        case .closed(.some(let since)): return "janela fechada desde \(time(since)): só modelos"
        }
    }

    func state(_ state: DeliveryState) -> String {
        switch state {
        case .queued: "◷ na fila"
        case .inFlight: "… indo"
        case .inDoubt: "? em dúvida"
        case .held: "‖ retida"
        case .replaced: "⇄ trocada por modelo"
        case .discarded: "× descartada"
        case .settled(let progress):
            switch progress {
            case .accepted, .paced, .sent: "✓ enviada"
            case .delivered: "✓✓ entregue"
            case .read, .played: "✓✓ lida"
            case .failed: "✗ falhou"
            }
        }
    }

    /// The engine's sentence for a person, with times on their clock.
    func refusal(_ error: GuicheError) -> String {
        error.explain(locale: .ptBr, timeZone: zone)
    }

    private func phase(_ phase: Phase) -> String {
        switch phase {
        case .created: "criado"
        case .awaitingContact: "aguardando o contato"
        case .inConversation: "em conversa"
        case .finished: "encerrado"
        }
    }

    private func time(_ instant: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.day, .month, .hour, .minute], from: instant)
        return "\(padded(parts.day))/\(padded(parts.month)) \(padded(parts.hour)):\(padded(parts.minute))"
    }

    private func padded(_ number: Int?) -> String {
        let digits = String(number ?? 0)
        return digits.count < 2 ? "0" + digits : digits
    }
}
