import Foundation

// `"\(error)"` is the code, and the field or thing that it is about: fit for logs.
extension GuicheError: CustomStringConvertible {}

extension GuicheError: LocalizedError {
    /// The sentence for a person, in Portuguese if that is what their device prefers, otherwise in English. Times in it
    /// are on the device's clock.
    public var errorDescription: String? {
        let portuguese = Foundation.Locale.preferredLanguages.first?.lowercased().hasPrefix("pt") ?? false
        return explain(locale: portuguese ? .ptBr : .en, timeZone: .current)
    }
}

extension GuicheError {
    /// The sentence for a person, with the next step. Times in it are on the clock of `timeZone` as it stood or will stand then.
    public func explain(locale: GuicheLocale, timeZone: TimeZone) -> String {
        let offset = instant().map { timeZone.secondsFromGMT(for: $0) / 60 } ?? 0
        return explain(locale: locale, offsetMinutes: Int32(clamping: offset))
    }
}

// What a port throws says the same in a log: its kind and its stable code.
extension PortError: CustomStringConvertible {}
extension ModulesFailure: CustomStringConvertible {}
