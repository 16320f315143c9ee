package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.TestCa;

/** CAs as data; checklist item 1: https only. */
class CaTest {

    @Test
    void aPresetIsFoundByNameAndByUrl() {
        assertThat(Ca.presets())
                .contains(Ca.LETS_ENCRYPT, Ca.LETS_ENCRYPT_STAGING)
                .allSatisfy(ca -> {
                    assertThat(Ca.of(ca.name())).isEqualTo(ca);
                    assertThat(Ca.of(ca.directoryUrl())).isEqualTo(ca);
                });
        assertThat(Ca.of("LetsEncrypt-Staging")).isSameAs(Ca.LETS_ENCRYPT_STAGING);
    }

    @Test
    void noPresetHidesAnother() {
        assertThat(Ca.presets()).extracting(Ca::name).doesNotHaveDuplicates();
        assertThat(Ca.presets()).extracting(Ca::directoryUrl).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"google", "google-test", "zerossl", "sectigo", "sslcom-rsa", "sslcom-ecc", "actalis", "digicert"
            })
    void thoseThatWantABoundAccountSaySo(String name) {
        assertThat(Ca.of(name).externalAccountRequired()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"letsencrypt", "letsencrypt-staging", "pebble"})
    void theOthersDoNot(String name) {
        assertThat(Ca.of(name).externalAccountRequired()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void everyQuirkIsToldToTheAdministrator(CaQuirk quirk) {
        assertThat(quirk.advice()).isNotBlank().doesNotEndWith(".");
    }

    @Test
    void anotherCaIsGivenByItsUrl() {
        String url = "https://ca.example:14000/dir?x=y";
        assertThat(Ca.of(url)).isEqualTo(new Ca(url, url));
        assertThat(Ca.of(url).quirks()).isEmpty();
    }

    @Test
    void oneThatIsPrivateIsGivenByNameAndUrl() {
        Ca ca = Ca.stepCa("internal", "https://ca.example/acme/acme/directory");

        assertThat(ca.name()).isEqualTo("internal");
        assertThat(ca.quirks()).contains(CaQuirk.NO_KEY_CHANGE, CaQuirk.PRIVATE_ROOT);
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
                .withMessageContaining("letsencrypt, letsencrypt-staging, google")
                .withMessageContaining("example-corp");
    }

    @Test
    void othersAreProvidedFromElsewhere() {
        assertThat(Ca.of("Example-Corp")).isEqualTo(ExampleCas.CORPORATE);
        assertThat(Ca.of(ExampleCas.CORPORATE.directoryUrl())).isEqualTo(ExampleCas.CORPORATE);
        assertThat(Ca.presets()).endsWith(ExampleCas.CORPORATE);
    }

    @Test
    void nobodyPutsAnotherInThePlaceOfOneThatIsKnown() {
        assertThat(Ca.of("letsencrypt")).isSameAs(Ca.LETS_ENCRYPT);
        assertThat(Ca.of(Ca.ZEROSSL.directoryUrl())).isSameAs(Ca.ZEROSSL);
        assertThat(Ca.presets()).doesNotContainAnyElementsOf(ExampleCas.IMPOSTORS);
        assertThatIllegalArgumentException().isThrownBy(() -> Ca.of("zerossl-without-binding"));
    }

    @Test
    void aSlowOneIsWaitedForLonger() {
        try (AcmeClient usual = AcmeClient.of(Ca.LETS_ENCRYPT);
                AcmeClient slow = AcmeClient.of(Ca.ZEROSSL);
                AcmeClient hurried = AcmeClient.builder(Ca.ZEROSSL)
                        .polling(PollingPolicy.DEFAULT)
                        .build()) {
            assertThat(usual.polling()).isEqualTo(PollingPolicy.DEFAULT);
            assertThat(slow.polling().firstDelay()).isGreaterThan(PollingPolicy.DEFAULT.firstDelay());
            assertThat(slow.polling().timeout()).isGreaterThan(Duration.ofMinutes(10));
            assertThat(hurried.polling()).isEqualTo(PollingPolicy.DEFAULT);
        }
    }

    @Test
    void aDirectoryIsPutRightWhereItIsKnownToBeWrong() throws IOException {
        try (TestCa ca = TestCa.start();
                AcmeClient believing = TestClients.client(ca);
                AcmeClient knowing =
                        TestClients.builder(ca, quirky(ca, CaQuirk.values())).build()) {
            Directory said = believing.fetchDirectory();
            Directory known = knowing.fetchDirectory();

            assertThat(said.renewalInfo()).isNotNull();
            assertThat(said.keyChange()).isNotNull();
            assertThat(said.externalAccountRequired()).isFalse();
            assertThat(known)
                    .usingRecursiveComparison()
                    .ignoringFields("renewalInfo", "keyChange", "externalAccountRequired")
                    .isEqualTo(said);
            assertThat(known.renewalInfo()).isNull();
            assertThat(known.keyChange()).isNull();
            assertThat(known.externalAccountRequired()).isTrue();
        }
    }

    @Test
    void noAccountIsMadeWithoutTheContactThatWillBeNeeded() throws IOException {
        Registration without = Registration.with(TestClients.newKey()).agreeToTerms();
        try (TestCa ca = TestCa.start();
                AcmeClient client = TestClients.builder(ca, quirky(ca, CaQuirk.CONTACT_REQUIRED))
                        .build()) {
            assertThatExceptionOfType(AcmeException.class)
                    .isThrownBy(() -> client.register(without))
                    .withMessageContaining("mailto:");
            assertThat(ca.count()).isZero();

            client.register(without.contact("mailto:hostmaster@example.org"));
            assertThat(ca.accounts()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://one.digicert.com/mpki/api/v1/acme/v2/ab12/directory, 10",
        "https://ACME.sectigo.com/v2/OV, 10",
        "https://acme.sectigo.com:443/v2/EV, 10",
        "https://localhost:15000/dir, 1",
        "https://sectigo.com.example.test/v2/OV, 1"
    })
    void anotherDirectoryOnTheHostOfAPresetHasItsOrderRate(String url, int orders) {
        Ca ca = Ca.of(url);

        assertThat(ca.orderRate().orders()).isEqualTo(orders);
        assertThat(ca.name()).isEqualTo(url);
        assertThat(ca.quirks()).isEmpty();
    }

    private static Ca quirky(TestCa ca, CaQuirk... quirks) {
        return new Ca("quirky", ca.directoryUrl(), PollingPolicy.DEFAULT, Set.of(quirks));
    }
}
