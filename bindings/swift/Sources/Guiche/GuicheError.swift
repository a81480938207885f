import Foundation

// `"\(error)"` is the code, and the field or thing that it is about: fit for logs.
extension GuicheError: CustomStringConvertible {}

extension GuicheError: LocalizedError {
    /// The sentence for a person, in Portuguese if that is what their device prefers, otherwise in English. Times in it
    /// are on the device's clock.
    public var errorDescription: String? {
        let portuguese = Foundation.Locale.preferredLanguages.first?.lowercased().hasPrefix("pt") ?? false
        let offset = TimeZone.current.secondsFromGMT() / 60
        return explain(locale: portuguese ? .ptBr : .en, offsetMinutes: Int32(clamping: offset))
    }
}

// What a port throws says the same in a log: its kind and its stable code.
extension PortError: CustomStringConvertible {}
extension ModulesFailure: CustomStringConvertible {}
