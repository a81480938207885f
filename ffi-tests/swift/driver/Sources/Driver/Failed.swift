import Guiche

/// The API answered an error.
struct Failed: Error {
    /// The answer to the runner.
    let answer: String

    init(_ error: GuicheError) throws {
        var fields: [String: Any] = [:]
        switch error {
        case .Refused(let refusal):
            fields = try Failed.fields(.ofRefusal(value: refusal))
            fields["class"] = "refused"
        case .Invalid(let field, let problem):
            fields = try Failed.fields(.ofProblem(value: problem))
            fields["class"] = "invalid"
            fields["field"] = field
        case .NotFound(let entity, let id):
            fields["class"] = "not_found"
            fields["entity"] = try parsed(toJson(value: .ofEntity(value: entity)))
            fields["id"] = id
        case .InConflict(let conflict):
            fields = try Failed.fields(.ofConflict(value: conflict))
            fields["class"] = "conflict"
        case .Busy: fields["class"] = "busy"
        case .Closed: fields["class"] = "closed"
        case .StoreFailed: fields["class"] = "store"
        case .Messaging: fields["class"] = "messaging"
        case .Foreign: fields["class"] = "foreign"
        }
        fields["code"] = error.code()
        fields["retry"] = try parsed(toJson(value: .ofRetry(value: error.retry())))
        let words = ["pt-BR": error.explain(locale: .ptBr), "en": error.explain(locale: .en)]
        answer = try written(["error": fields, "explain": words])
    }

    private static func fields(_ value: AnyValue) throws -> [String: Any] {
        guard let fields = try parsed(toJson(value: value)) as? [String: Any] else {
            throw Trouble(words: "an error without fields")
        }
        return fields
    }
}

/// Does what the API is asked; its error is the answer.
func asked<T>(_ work: () throws -> T) throws -> T {
    do {
        return try work()
    } catch let error as GuicheError {
        throw try Failed(error)
    }
}
