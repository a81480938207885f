import Foundation

/// A day of the calendar, without a time and without a zone: what a back office means by "the 23rd".
///
/// A day that exists as a value exists in the Gregorian calendar, in the years 1 to 9999. Which instants it spans depends on a
/// zone; the engine answers that by the account's clock.
public struct CivilDay: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The year, 1 to 9999.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, 1 to 31.
    public let day: Int

    /// The day of that date; nil when the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...CivilDay.days(of: month, in: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day written as `2026-11-23`; nil for any other form and for a day that the calendar does not have.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            parts.allSatisfy({ part in part.utf8.allSatisfy { (48...57).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The day on which an instant falls in a time zone.
    ///
    /// An instant before the year 1 or after the year 9999 falls on the first or the last day that there is.
    public init(of instant: Date, in zone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.era, .year, .month, .day], from: instant)
        let found = CivilDay(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
        if let found, parts.era == 1 {
            self = found
        } else {
            self = instant < Date(timeIntervalSince1970: 0) ? .first : .last
        }
    }

    /// The first day that there is, 0001-01-01.
    public static let first = CivilDay(known: 1, 1, 1)
    /// The last day that there is, 9999-12-31.
    public static let last = CivilDay(known: 9999, 12, 31)

    private init(known year: Int, _ month: Int, _ day: Int) {
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// The day as `2026-11-23`.
    public var text: String {
        func padded(_ number: Int, to width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
    }

    public var description: String {
        text
    }

    public static func < (left: CivilDay, right: CivilDay) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// Reads the day as `2026-11-23`.
    public init(from decoder: Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let day = CivilDay(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a day as 2026-11-23")
        }
        self = day
    }

    /// Writes the day as `2026-11-23`.
    public func encode(to encoder: Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    private static func days(of month: Int, in year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: return 30
        case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: return 31
        }
    }
}

extension CivilDay {
    /// The day that the engine wrote: it has no others.
    init(lifted text: String) throws {
        guard let day = CivilDay(text) else { throw NoSuchDay() }
        self = day
    }
}

/// The engine gave a day that the calendar does not have.
private struct NoSuchDay: Error {}
