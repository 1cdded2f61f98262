/// What `antidote get` and its like print for programs.
enum Rows {
    struct LiveLesson: Decodable {
        var id: String
        var session: String
        var lesson: String
        var edition: String
        var stage: Int
        var phase: String
        var persistent: Bool
        var incarnation: Int
        var failure: Failure?

        struct Failure: Decodable {
            var code: String
        }
    }

    struct Session: Decodable {
        var id: String
        var persistent: Bool
        var endsAt: String?
    }

    struct Event: Decodable, Equatable {
        var type: String
        var subject: String
        var data: Details

        struct Details: Decodable, Equatable {
            var session: String
            var sequence: Int
            var stage: Int
            var phase: String
        }
    }

    struct Explanation: Decodable {
        var liveLesson: LiveLesson
        var events: [Event]
        var next: String
    }

    struct Finding: Decodable {
        var part: String
        var verdict: String
        var detail: String
        var advice: String?
    }

    struct Store: Decodable {
        var store: String
    }

    struct ErrorDocument: Decodable {
        var error: Body

        struct Body: Decodable {
            var code: String
            var message: String
            var advice: String?
        }
    }
}
