package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.pki.KeyType;

/** Checklist item 15: terms are agreed to only when said so; contacts have one address and no header fields. */
class RegistrationTest {

    private static final Registration NEW = Registration.with(KeyType.EC_P256.generate());

    @Test
    void termsAreNotAgreedToUnlessSaid() {
        assertThat(NEW.termsAgreed()).isFalse();
        assertThat(NEW.agreeToTerms().termsAgreed()).isTrue();
    }

    @Test
    void eachMethodGivesANewValueAndKeepsTheRest() {
        Registration more = NEW.agreeToTerms().contact("mailto:a@example.org").contact("mailto:b@example.org");
        assertThat(more.contacts()).containsExactly("mailto:a@example.org", "mailto:b@example.org");
        assertThat(more.termsAgreed()).isTrue();
        assertThat(more.key()).isSameAs(NEW.key());
        assertThat(NEW.contacts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mailto:hostmaster@example.org",
                "MAILTO:a@b",
                "mailto:a+b%25@example.org",
                "tel:+431234",
                "https://example.org/contact?a=b"
            })
    void aContactIsAUrl(String url) {
        assertThat(NEW.contact(url).contacts()).containsExactly(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hostmaster@example.org",
                "mailto:",
                "mailto:nobody",
                "mailto:@example.org",
                "mailto:a@",
                "mailto:a@b@c",
                "mailto:a@example.org?subject=x",
                "mailto:a@example.org,b@example.org",
                "mailto:a@example.org, b@example.org",
                "mailto:a@example.org\r\nBcc:b@example.org",
                "mailto:mailto:a@example.org",
                "tel: 1",
                "1tel:1"
            })
    void whatIsNoContactIsRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NEW.contact(url))
                .withMessageContaining("\"" + url + "\" is not a contact");
    }
}
