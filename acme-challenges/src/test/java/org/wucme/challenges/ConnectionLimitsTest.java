package org.wucme.challenges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionLimitsTest {

    @ParameterizedTest
    @CsvSource({"256, 256", "1024, 1024", "20000, 20000", "9223372036854775807, 2147483647", "unlimited, 2147483647"})
    void theSoftLimitOfOpenFilesCounts(String soft, int files) {
        String limits = "Limit                     Soft Limit           Hard Limit           Units     \n"
                + "Max processes             7823                 7823                 processes \n"
                + "Max open files            " + soft + "                 1048576              files     \n";

        assertThat(ConnectionLimits.openFiles(limits)).isEqualTo(files);
    }

    @Test
    void elsewhereAnOrdinaryLimitIsAssumed() {
        assertThat(ConnectionLimits.openFiles("")).isEqualTo(1024);
    }

    @Test
    void theDefaultsLeaveFilesForTheRestOfTheProcess() {
        assertThat(ConnectionLimits.defaults().connections()).isBetween(1, ConnectionLimits.DEFAULT_CONNECTIONS);
        assertThat(ConnectionLimits.defaults().request()).isEqualTo(ConnectionLimits.DEFAULT_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aServerWithoutConnectionsOrTimeIsRefused(int number) {
        ConnectionLimits defaults = ConnectionLimits.defaults();

        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withConnections(number));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withRequest(Duration.ofMillis(number)));
    }
}
