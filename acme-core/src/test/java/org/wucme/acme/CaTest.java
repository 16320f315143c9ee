package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checklist item 1: https only. */
class CaTest {

    @Test
    void aPresetIsFoundByNameAndByUrl() {
        assertThat(Ca.presets())
                .contains(Ca.LETS_ENCRYPT, Ca.LETS_ENCRYPT_STAGING)
                .allSatisfy(ca -> {
                    assertThat(Ca.of(ca.name())).isSameAs(ca);
                    assertThat(Ca.of(ca.directoryUrl())).isSameAs(ca);
                });
        assertThat(Ca.of("LetsEncrypt-Staging")).isSameAs(Ca.LETS_ENCRYPT_STAGING);
    }

    @Test
    void anotherCaIsGivenByItsUrl() {
        String url = "https://ca.example:14000/dir?x=y";
        assertThat(Ca.of(url)).isEqualTo(new Ca(url, url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://ca.example/directory", "ftp://ca.example/", "file:///etc/passwd", "httpsx://ca.example"})
    void onlyHttpsIsAllowed(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ca.of(url))
                .withMessageContaining("https")
                .withMessageContaining(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "letsencript", "ca.example/directory"})
    void anUnknownNameIsRefusedWithAListOfThose(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ca.of(name))
                .withMessageContaining("letsencrypt, letsencrypt-staging");
    }
}
