package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.OkHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserAgentTest {

    @Test
    void namesTheVersionOfTheLibraryEvenWhenItRunsOutsideAJar() throws IOException {
        assertThat(UserAgent.LIBRARY).isEqualTo("wucme/" + versionInPom() + " okhttp/" + OkHttp.VERSION);
    }

    @Test
    void theProgramComesBeforeTheLibrary() {
        assertThat(UserAgent.of("myserver/1.2 (+https://example.org)"))
                .isEqualTo("myserver/1.2 (+https://example.org) " + UserAgent.LIBRARY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\r\nX-Injected: 1", "myserver\t1", "sérver/1", " myserver/1", "myserver/1 "})
    void aProgramThatDoesNotFitIntoAHeaderIsRefusedWhenTheClientIsBuilt(String program) {
        AcmeClient.Builder builder = AcmeClient.builder(Ca.LETS_ENCRYPT_STAGING);

        assertThatIllegalArgumentException().isThrownBy(() -> builder.userAgent(program));
    }

    private static String versionInPom() throws IOException {
        Matcher version = Pattern.compile("<parent>.*?<version>([^<]+)</version>.*?</parent>", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }
}
