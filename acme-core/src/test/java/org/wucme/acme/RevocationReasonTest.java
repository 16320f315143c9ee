package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The codes of RFC 5280 section 5.3.1, and the texts a human writes for them. */
class RevocationReasonTest {

    @ParameterizedTest
    @CsvSource({
        "UNSPECIFIED,0", "KEY_COMPROMISE,1", "CA_COMPROMISE,2", "AFFILIATION_CHANGED,3", "SUPERSEDED,4",
        "CESSATION_OF_OPERATION,5", "CERTIFICATE_HOLD,6", "REMOVE_FROM_CRL,8", "PRIVILEGE_WITHDRAWN,9",
                "AA_COMPROMISE,10"
    })
    void eachReasonHasItsCode(RevocationReason reason, int code) {
        assertThat(reason.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource
    void aReasonIsReadFromItsNameOrNumber(RevocationReason reason) {
        assertThat(RevocationReason.of(reason.toString())).isEqualTo(reason);
        assertThat(RevocationReason.of(reason.name())).isEqualTo(reason);
        assertThat(RevocationReason.of(" " + reason.code() + " ")).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "11", "-1", "01", "compromise"})
    void otherTextsAreRefusedWithAListOfThose(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RevocationReason.of(text))
                .withMessageContaining("\"" + text + "\"")
                .withMessageContaining("key-compromise (1)");
    }
}
