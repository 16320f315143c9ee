package org.wucme.testing.ca;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The email-reply-00 challenge (RFC 8823): a reply must have come that names one half of the token and proves both. */
final class EmailReply00Check {
    private static final Pattern RESPONSE =
            Pattern.compile("-----BEGIN ACME RESPONSE-----\\s([\\w\\s-]*?)-----END ACME RESPONSE-----");
    private final List<Mail> received = new CopyOnWriteArrayList<>();

    private record Mail(String subject, String body) {}

    void receive(String subject, String body) {
        received.add(new Mail(subject, body));
    }

    static String subject(ChallengeState challenge) {
        return "ACME: " + challenge.tokenPart1;
    }

    void check(ChallengeAnswer answer) {
        String part1 = answer.challenge().tokenPart1;
        String expected = Base64Url.encode(ChallengeAnswer.sha256(part1 + answer.keyAuthorization()));
        Mail reply = received.stream()
                .filter(mail -> mail.subject.endsWith(subject(answer.challenge())))
                .findFirst()
                .orElseThrow(() -> Problem.unauthorized(
                        "No reply came from " + answer.identifier().value()));
        Matcher response = RESPONSE.matcher(reply.body);
        if (!response.find() || !response.group(1).replaceAll("\\s", "").equals(expected)) {
            throw new Problem(403, "incorrectResponse", "The reply has another ACME response, or none");
        }
    }
}
