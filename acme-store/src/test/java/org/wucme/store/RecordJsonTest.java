package org.wucme.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.KeyType;

/** Records that version 0.1 wrote: they are read, and written in just the same way, so that it can read them again. */
class RecordJsonTest {

    private static final RenewalRecord MINIMAL = RenewalRecord.of(CertificateSpec.builder("www.example.org")
            .ca(Ca.of("https://ca.example/directory"))
            .build());

    private static final RenewalRecord NEVER_ISSUED = RenewalRecord.of(CertificateSpec.builder("new.example.org")
                    .ca(Ca.of("https://ca.example/directory"))
                    .build())
            .withRenewalInfo(new AriChoice(null, null, Instant.parse("2026-12-01T00:00:00Z")))
            .withAttempts(Attempts.NONE.failed("x", List.of(), Instant.parse("2026-11-30T03:00:00Z")));

    private static final RenewalRecord ALL_MEMBERS = new RenewalRecord(
            CertificateSpec.builder(List.of(
                            Identifier.dns("www.example.org"),
                            Identifier.of("192.0.2.7"),
                            Identifier.dns("*.example.org")))
                    .profile("classic")
                    .preferredChain(ChainPreference.issuer("Root, \"X1\""))
                    .challengeType("dns-01")
                    .keyType(KeyType.RSA_2048)
                    .keyReuse(true)
                    .build(),
            true,
            new Origin(
                    "https://acme-v02.api.letsencrypt.org/acme/acct/1",
                    "https://other.example/directory",
                    Instant.parse("2026-11-22T00:20:27.123456789Z"),
                    true,
                    true),
            new AriChoice(
                    new RenewalTime(
                            Instant.parse("2027-01-01T00:00:00Z"),
                            Instant.parse("2027-01-03T00:00:00Z"),
                            Instant.parse("2027-01-02T03:04:05Z")),
                    "https://ca.example/why",
                    Instant.parse("2026-12-01T00:00:00Z")),
            new Attempts(
                    3,
                    "no such host: \u00fc \ud83d\ude00",
                    List.of(Instant.parse("2026-11-30T01:00:00Z"), Instant.parse("2026-11-30T02:00:00Z")),
                    Instant.parse("2026-11-30T03:00:00Z"),
                    "https://third.example/directory",
                    "0a1b",
                    "https://ca.example/order/1"),
            new Deployments(
                    List.of("reload", "copy"),
                    List.of("notify"),
                    new DeploymentFailure(2, "copy: exit code 1", Instant.parse("2026-11-30T04:00:00Z"))));

    @Test
    void eachMemberIsRead() throws IOException {
        assertThat(RecordJson.parse(text("minimal")).record()).isEqualTo(MINIMAL);
        assertThat(RecordJson.parse(text("never-issued")).record()).isEqualTo(NEVER_ISSUED);
        assertThat(RecordJson.parse(text("all-members")).record()).isEqualTo(ALL_MEMBERS);
        assertThat(RecordJson.parse(text("later-version")).record()).isEqualTo(ALL_MEMBERS);
    }

    @Test
    void whatIsWrittenIsEqualToTheByte() throws IOException {
        assertThat(RecordJson.of(MINIMAL).toText()).isEqualTo(text("minimal"));
        assertThat(RecordJson.of(NEVER_ISSUED).toText()).isEqualTo(text("never-issued"));
        assertThat(RecordJson.of(ALL_MEMBERS)
                        .with("certificate", "fingerprint")
                        .with("certificateFile", "digest")
                        .with("notBefore", "2026-11-22T00:00:00Z")
                        .with("notAfter", "2027-02-20T00:00:00Z")
                        .toText())
                .isEqualTo(text("all-members"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "never-issued", "all-members", "later-version", "later-version-renewed"})
    void whatHasNotChangedStaysAsItIs(String name) throws IOException {
        RecordJson json = RecordJson.parse(text(name));
        assertThat(json.toText()).isEqualTo(text(name));
        assertThat(json.with(json.record())).isEqualTo(json);
        assertThat(json.with(json.record()).toText()).isEqualTo(text(name));
    }

    @Test
    void unknownMembersAreKept() throws IOException {
        RecordJson before = RecordJson.parse(text("later-version"));
        RenewalRecord renewed = RenewalRecord.of(
                        CertificateSpec.builder(ALL_MEMBERS.spec().identifiers())
                                .keyType(KeyType.EC_P384)
                                .build())
                .withOrigin(new Origin(
                        ALL_MEMBERS.origin().accountUrl(), null, Instant.parse("2027-01-02T00:00:00Z"), false, false));

        RecordJson after = before.with(renewed)
                .with("certificate", null)
                .with("certificateFile", null)
                .with("notBefore", null)
                .with("notAfter", null);

        assertThat(after.toText()).isEqualTo(text("later-version-renewed"));
        assertThat(before.toText()).isEqualTo(text("later-version"));
    }

    @Test
    void aNameOfItsOwnIsAMember() {
        RenewalRecord record = MINIMAL.withSpec(
                MINIMAL.spec().toBuilder().name("www-rsa").dnsProvider("main").build());
        String text = RecordJson.of(record).toText();
        assertThat(text).contains("\"name\" : \"www-rsa\"", "\"dnsProvider\" : \"main\"");
        assertThat(RecordJson.parse(text).record()).isEqualTo(record);
    }

    @Test
    void aMaintenanceWindowIsAMember() {
        MaintenanceWindow window = MaintenanceWindow.of("Mon-Fri 22:00-04:00 Europe/Berlin", ZoneOffset.UTC);
        RenewalRecord record = MINIMAL.withSpec(
                MINIMAL.spec().toBuilder().maintenanceWindow(window).build());

        String text = RecordJson.of(record).toText();

        assertThat(text).contains("\"maintenanceWindow\" : \"Mon-Fri 22:00-04:00 Europe/Berlin\"");
        assertThat(RecordJson.parse(text).record()).isEqualTo(record);
    }

    private static String text(String name) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(RecordJsonTest.class.getResourceAsStream("records/" + name + ".json"), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
