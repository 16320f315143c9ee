package org.wucme.acme.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Identifier;

/** draft-ietf-acme-dns-persist-01 and -02: the record that stays. The vectors are those of -02 section 10. */
class DnsPersist01Test {

    private static final String URL = "https://ca.example/acme/authz/1234/0";
    private static final AccountIdentity ACCOUNT =
            new AccountIdentity("https://ca.example/acct/123", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    private static final String PREFIX = "https://ca.example/account-hash/";
    private static final String HASHED =
            "https://ca.example/account-hash/sha-256/5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw";
    private static final List<String> ISSUERS = List.of("authority.example", "ca.example.net");
    private static final Identifier NAME = Identifier.dns("example.com");
    private static final Identifier WILDCARD = Identifier.dns("*.example.com");

    private static DnsPersist01 plain(List<String> issuers, @Nullable String accountUri) {
        return new DnsPersist01(URL, issuers, false, accountUri, null, ChallengeStatus.PENDING, null);
    }

    private static DnsPersist01 hashed(@Nullable String prefix) {
        return new DnsPersist01(URL, ISSUERS, true, null, prefix, ChallengeStatus.PENDING, null);
    }

    @Test
    void theFirstGenerationNamesTheAccountByItsUrl() throws AcmeProtocolException {
        assertThat(plain(ISSUERS, null).txtRecord(NAME, ACCOUNT))
                .isEqualTo(new TxtRecord(
                        "_validation-persist.example.com",
                        "authority.example; accounturi=https://ca.example/acct/123"));
    }

    @Test
    void theFirstGenerationsCaMayRepeatTheAccountsUrl() throws AcmeProtocolException {
        assertThat(plain(ISSUERS, ACCOUNT.url()).txtRecord(NAME, ACCOUNT))
                .isEqualTo(plain(ISSUERS, null).txtRecord(NAME, ACCOUNT));
    }

    @Test
    void aRecordForAnotherAccountIsNotMade() {
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> plain(ISSUERS, "https://ca.example/acct/9").txtRecord(NAME, ACCOUNT))
                .withMessageContaining("the account https://ca.example/acct/9, not for https://ca.example/acct/123");
    }

    @Test
    void theSecondGenerationNamesTheAccountByAHash() throws AcmeProtocolException {
        assertThat(hashed(PREFIX).txtRecord(NAME, ACCOUNT))
                .isEqualTo(new TxtRecord("_validation-persist.example.com", "authority.example; accounturi=" + HASHED));
        assertThat(hashed(PREFIX).type()).isEqualTo("dns-persist-01");
    }

    @Test
    void aWildcardIsProvenAtTheNameItselfByPolicy() throws AcmeProtocolException {
        assertThat(hashed(PREFIX).txtRecord(WILDCARD, ACCOUNT))
                .isEqualTo(new TxtRecord(
                        "_validation-persist.example.com",
                        "authority.example; accounturi=" + HASHED + "; policy=wildcard"));
    }

    @Test
    void aRecordCanBeForMoreAndForATime() throws AcmeProtocolException {
        PersistentRecord record = hashed(PREFIX)
                .persistentRecord(NAME, ACCOUNT)
                .withWildcard()
                .until(Instant.parse("2024-07-26T00:00:00.9Z"));

        assertThat(record.at(NAME).value())
                .isEqualTo("authority.example; accounturi=" + HASHED + "; policy=wildcard; persistUntil=1721952000");
        assertThat(record.until(null).value()).doesNotContain("persistUntil");
    }

    @Test
    void aHashCanHoldForAllDomains() {
        assertThat(PersistentRecord.hashedAccountUri(PREFIX, PersistentRecord.ANY_DOMAIN, ACCOUNT))
                .isEqualTo(PREFIX + "sha-256/NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug");
    }

    @Test
    void aHashIsOfADomainNoLongerThanItsLengthCanSay() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PersistentRecord.hashedAccountUri(PREFIX, "a".repeat(256), ACCOUNT));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 11})
    void noNameOrMoreThanTenAreMalformed(int count) {
        List<String> issuers = Collections.nCopies(count, "ca.example");

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> plain(issuers, null).txtRecord(NAME, ACCOUNT))
                .withMessageContaining(URL)
                .withMessageContaining("has " + count + " issuer domain names");
    }

    @Test
    void tenNamesAreNotTooMany() throws AcmeProtocolException {
        assertThat(plain(Collections.nCopies(10, "ca.example"), null)
                        .txtRecord(NAME, ACCOUNT)
                        .value())
                .startsWith("ca.example; ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "CA.example", "ca.example.", "ca..example", "ca.example; policy=wildcard", "cä.example"})
    void anIssuerThatIsNoNormalNameIsMalformed(String issuer) {
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> plain(List.of(issuer), null).txtRecord(NAME, ACCOUNT))
                .withMessageContaining("\"" + issuer + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "https://ca.example/1;policy=wildcard", "https://ca.example/1 2", "https://ca.example/ä"})
    void aUriThatWouldMeanMoreInTheRecordIsMalformed(String uri) {
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> plain(ISSUERS, null).txtRecord(NAME, new AccountIdentity(uri, "thumbprint")))
                .withMessageContaining("cannot be written into a TXT record");
    }

    @Test
    void withoutThePrefixTheSecondGenerationCannotBeAnswered() {
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> hashed(null).txtRecord(NAME, ACCOUNT))
                .withMessageContaining("accountHashPrefix");
    }

    @Test
    void aLongRecordIsSplitIntoStringsThatMakeItAgain() throws AcmeProtocolException {
        AccountIdentity account = new AccountIdentity("https://ca.example/" + "x".repeat(600), "thumbprint");
        TxtRecord record = plain(ISSUERS, null).txtRecord(NAME, account);

        assertThat(record.strings())
                .hasSize(3)
                .allSatisfy(part -> assertThat(part).hasSizeBetween(1, 255));
        assertThat(String.join("", record.strings())).isEqualTo(record.value());
        assertThat(new TxtRecord("n", "short").strings()).containsExactly("short");
    }
}
