package org.wucme.acme.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8823: the token comes in two halves, by mail and by HTTPS. */
class EmailReply00Test {

    // The halves of the token of RFC 8555 section 8.3, whose digest ChallengeFormsTest has too.
    private static final String PART1 = "LoqXcYV8q5ONbJQxbmR7SC";
    private static final String PART2 = "TNo3tiAXDfowyjxAjEuX0";
    private static final AccountIdentity ACCOUNT =
            new AccountIdentity("https://ca.example/acct/1", "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");

    private final EmailReply00 challenge = new EmailReply00(
            "https://ca.example/chall/1", PART2, "acme-challenge@ca.example", ChallengeStatus.PENDING, null);

    @Test
    void theAnswerIsMadeOfBothHalves() {
        KeyAuthorization answer = challenge.keyAuthorization(PART1, ACCOUNT);

        assertThat(answer.value()).isEqualTo(PART1 + PART2 + "." + ACCOUNT.thumbprint());
        assertThat(EmailReply00.replyBody(answer))
                .isEqualTo(String.join(
                        "\r\n",
                        "-----BEGIN ACME RESPONSE-----",
                        "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo",
                        "-----END ACME RESPONSE-----",
                        ""));
        assertThat(challenge.type()).isEqualTo("email-reply-00");
    }

    @Test
    void theReplyNamesTheFirstHalfInItsSubject() {
        assertThat(EmailReply00.replySubject(PART1)).isEqualTo("Re: ACME: " + PART1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ACME: " + PART1,
                "ACME:\r\n " + PART1,
                " ACME:  LoqXcYV8q5ON\r\n\tbJQxbmR7SC ",
            })
    void theFirstHalfIsReadThoughTheSubjectIsFolded(String subject) {
        assertThat(EmailReply00.tokenPart1(subject)).contains(PART1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Hello",
                "ACME: tooShort",
                "Re: ACME: " + PART1,
                "ACME: " + PART1 + "=",
                "ACME: " + PART1 + "/../etc",
                "acme: " + PART1
            })
    void anotherSubjectIsNoSuchMail(String subject) {
        assertThat(EmailReply00.tokenPart1(subject)).isEmpty();
    }
}
