package org.wucme.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.wucme.cli.imports.ForeignFolders.DIRECTORY;
import static org.wucme.cli.imports.ForeignFolders.accountKey;
import static org.wucme.cli.imports.ForeignFolders.issue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AcmeConnectionException;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Pem;
import org.wucme.cli.TestWrites;
import org.wucme.cli.imports.ForeignFolders.Issued;
import org.wucme.store.CertificateSpec;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;

class FolderImportTest {

    private static final String ACCOUNT_URL = "https://ca.example/acct/1";
    private static final ImportMode PLAIN = new ImportMode(false, false);
    private static final ImportMode REPLACING = new ImportMode(true, false);

    private final StringWriter said = new StringWriter();
    private final StringWriter failures = new StringWriter();
    private Path temp;
    private Path source;
    private ForeignFolders foreign;
    private FileStore store;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        temp = folder;
        source = Files.createDirectory(folder.resolve("source"));
        foreign = new ForeignFolders(source);
        store = FileStore.open(folder.resolve("store"));
    }

    private Report take(ImportMode mode, @Nullable String ca, @Nullable AccountLookup lookup) throws IOException {
        List<String> before = foreign.state();
        Report report = new Report(new PrintWriter(said, true), new PrintWriter(failures, true));
        FolderImport.of(source, null, ca).into(store, mode, lookup, report);
        assertThat(foreign.state()).isEqualTo(before);
        return report;
    }

    private Report take() throws IOException {
        return take(PLAIN, null, null);
    }

    private RenewalRecord record(String name) throws IOException {
        return store.load(name).map(StoredCertificate::renewal).orElseThrow();
    }

    private StoredAccount account() throws IOException {
        return store.loadAccount(DIRECTORY).orElseThrow();
    }

    private static String jwk(KeyPair pair) {
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            return new RSAKey.Builder(rsa).privateKey(pair.getPrivate()).build().toJSONString();
        }
        return new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                .privateKey((ECPrivateKey) pair.getPrivate())
                .build()
                .toJSONString();
    }

    private ForeignFolders certbotAccount(String id, KeyPair key) {
        String where = "accounts/ca.example/acme/directory/" + id;
        return foreign.with(where + "/private_key.json", jwk(key))
                .with(where + "/regr.json", "{\"body\": {}, \"uri\": \"" + ACCOUNT_URL + "\"}");
    }

    @Test
    void acmeShIsTakenOverAsItIsDocumented() throws IOException {
        KeyPair key = accountKey();
        Issued ecc = issue("www.example.org", "example.org");
        foreign.acmeShAccount("ca.example/acme/directory", key, ACCOUNT_URL)
                .acmeShCertificate(
                        "example.org_ecc",
                        "example.org",
                        ecc,
                        "Le_Webroot='/var/www'",
                        "Le_API='" + DIRECTORY + "'",
                        "Le_ReloadCmd='__ACME_BASE64__START_c2VjcmV0__ACME_BASE64__END_'");

        Report report = take();

        assertThat(failures.toString()).isEmpty();
        assertThat(report.hasTakenOver()).isTrue();
        assertThat(account().accountUrl()).isEqualTo(ACCOUNT_URL);
        assertThat(account().contacts()).containsExactly("mailto:a@example.org");
        assertThat(account().keyPair().getPublic()).isEqualTo(key.getPublic());
        StoredCertificate stored = store.load("EXAMPLE_ORG").orElseThrow();
        assertThat(stored.chain()).isEqualTo(ecc.chain());
        assertThat(stored.problem()).isNull();
        RenewalRecord record = record("EXAMPLE_ORG");
        assertThat(record.spec().identifiers())
                .containsExactly(Identifier.dns("example.org"), Identifier.dns("www.example.org"));
        assertThat(record.spec().directoryUrl()).isEqualTo(DIRECTORY);
        assertThat(record.origin().accountUrl()).isEqualTo(ACCOUNT_URL);
        assertThat(record.spec().challengeType()).isEqualTo("http-01");
        assertThat(record.spec().keyType()).isEqualTo(KeyType.EC_P256);
        assertThat(said.toString())
                .contains("files in /var/www: give --webroot", "what it has as Le_ReloadCmd is not taken over")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "no, http-01",
        "dns_cf, dns-01",
        "alpn, tls-alpn-01",
        "nginx:, http-01",
        "apache, http-01",
        "'/a,/b', http-01"
    })
    void acmeShSaysHowNamesAreProven(String webroot, String type) throws IOException {
        foreign.with("account.conf", "")
                .acmeShCertificate(
                        "a.example",
                        "a.example",
                        issue("a.example"),
                        "Le_Webroot='" + webroot + "'",
                        "Le_API='" + DIRECTORY + "'");

        take();

        assertThat(record("A_EXAMPLE").spec().challengeType()).isEqualTo(type);
        assertThat(said.toString().contains("which \"manage\" cannot answer")).isEqualTo(type.equals("dns-01"));
    }

    @Test
    void certbotsAccountIsTheOneItsCertificatesNameAndOthersAreLeftOut() throws IOException {
        KeyPair used = KeyType.RSA_2048.generate();
        certbotAccount("aaaa", accountKey());
        certbotAccount("bbbb", used)
                .certbotCertificate(
                        "label",
                        issue("b.example", "a.example"),
                        "account = bbbb",
                        "server = " + DIRECTORY,
                        "authenticator = webroot",
                        "webroot_path = /var/www,",
                        "reuse_key = True",
                        "renew_hook = /etc/reload --token secret",
                        "[[webroot_map]]",
                        "account = cccc");

        take();

        assertThat(failures.toString()).isEmpty();
        assertThat(account().keyPair().getPublic()).isEqualTo(used.getPublic());
        assertThat(record("B_EXAMPLE"))
                .returns("http-01", record -> record.spec().challengeType())
                .returns(true, record -> record.spec().keyReuse())
                .returns(ACCOUNT_URL, record -> record.origin().accountUrl());
        assertThat(said.toString())
                .contains(
                        "directory/aaaa: left out: wucme has one account at a CA",
                        "files in /var/www: give --webroot",
                        "what it has as renew_hook is not taken over")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "authenticator = standalone, http-01",
        "authenticator = nginx, http-01",
        "authenticator = dns-route53, dns-01",
        "authenticator = manual, ",
        "'authenticator = manual\npref_challs = dns-01,', dns-01"
    })
    void certbotSaysHowNamesAreProven(String setting, @Nullable String type) throws IOException {
        foreign.certbotCertificate("a.example", issue("a.example"), "server = " + DIRECTORY, setting);

        take();

        assertThat(record("A_EXAMPLE").spec().challengeType()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "preferred_chain = ISRG Root X1, ISRG Root X1",
        "preferred_chain = None,",
        "preferred_chain =,",
        "key_type = ecdsa,"
    })
    void certbotsPreferredChainIsThatOfRenewals(String setting, @Nullable String issuer) throws IOException {
        foreign.certbotCertificate("a.example", issue("a.example"), "server = " + DIRECTORY, setting);

        take();

        assertThat(record("A_EXAMPLE").spec().preferredChain())
                .isEqualTo(issuer == null ? null : ChainPreference.issuer(issuer));
    }

    @Test
    void acmeShsPreferredChainIsThatOfRenewals() throws IOException {
        foreign.with("account.conf", "")
                .acmeShCertificate(
                        "a.example",
                        "a.example",
                        issue("a.example"),
                        "Le_API='" + DIRECTORY + "'",
                        "Le_Preferred_Chain='__ACME_BASE64__START_SVNSRyBSb290IFgx__ACME_BASE64__END_'");

        take();

        assertThat(record("A_EXAMPLE").spec().preferredChain()).isEqualTo(ChainPreference.issuer("ISRG Root X1"));
    }

    @Test
    void certbotsFolderThatWasCopiedWithoutItsLinksIsReadFromItsArchive() throws IOException {
        Issued newest = issue("a.example");
        foreign.certbotCertificate("a.example", issue("a.example"), "server = " + DIRECTORY)
                .with("archive/a.example/fullchain10.pem", newest.pem())
                .with("archive/a.example/privkey10.pem", newest.keyPem());
        Files.delete(source.resolve("live/a.example/fullchain.pem"));

        take();

        assertThat(store.load("A_EXAMPLE").orElseThrow().chain()).isEqualTo(newest.chain());
    }

    @Test
    void whatCertbotDoesNotRenewIsLeftOut() throws IOException {
        foreign.certbotCertificate("a.example", issue("a.example"), "server = " + DIRECTORY);
        Files.delete(source.resolve("renewal/a.example.conf"));

        assertThat(take().hasTakenOver()).isFalse();

        assertThat(said.toString()).contains("live/a.example: note: certbot does not renew it");
    }

    @Test
    void anAccountOfAcmesFirstVersionIsLookedUpAtTheSecond() throws IOException {
        foreign.with("accounts/acme-v01.api.letsencrypt.org/directory/1/private_key.json", jwk(accountKey()))
                .with(
                        "accounts/acme-v01.api.letsencrypt.org/directory/1/regr.json",
                        "{\"uri\": \"https://acme-v01.api.letsencrypt.org/acme/reg/1\"}")
                .with("renewal/README", "");
        String url = "https://acme-v02.api.letsencrypt.org/acme/acct/1";

        take(PLAIN, null, (directory, key) -> Optional.of(url));

        assertThat(store.loadAccount(Ca.LETS_ENCRYPT.directoryUrl())
                        .orElseThrow()
                        .accountUrl())
                .isEqualTo(url);
    }

    @Test
    void legoKeepsOnlyTheHostOfItsCa() throws IOException {
        KeyPair key = accountKey();
        Issued issued = issue("*.example.org", "example.org");
        foreign.with("accounts/ca.example/a@example.org/keys/a@example.org.key", Pem.encode(key.getPrivate()))
                .with(
                        "accounts/ca.example/a@example.org/account.json",
                        "{\"email\": \"a@example.org\", \"registration\": {\"body\": {\"contact\": [\"mailto:a@example.org\"]},"
                                + " \"uri\": \"" + ACCOUNT_URL + "\"}}")
                .with(
                        "certificates/_.example.org.crt",
                        Pem.encode(List.of(issued.chain().leaf())))
                .with(
                        "certificates/_.example.org.issuer.crt",
                        Pem.encode(List.of(issued.chain().topmost())))
                .with("certificates/_.example.org.key", issued.keyPem())
                .with(
                        "certificates/_.example.org.json",
                        "{\"domain\": \"*.example.org\", \"certUrl\": \"https://ca.example/cert/1\"}");

        assertThat(take().hasTakenOver()).isFalse();
        assertThat(said.toString())
                .contains("which CA is at ca.example is not said: give the URL of its directory by --ca");
        take(PLAIN, DIRECTORY, null);

        assertThat(failures.toString()).isEmpty();
        assertThat(account().accountUrl()).isEqualTo(ACCOUNT_URL);
        assertThat(record("_EXAMPLE_ORG"))
                .returns("dns-01", record -> record.spec().challengeType())
                .returns(ACCOUNT_URL, record -> record.origin().accountUrl());
        assertThat(store.load("_EXAMPLE_ORG").orElseThrow().chain()).isEqualTo(issued.chain());
    }

    @Test
    void uacmesAccountIsLookedUpAndOneThatTheCaDoesNotKnowIsLeftOut() throws IOException {
        KeyPair key = accountKey();
        foreign.with("private/key.pem", Pem.encode(key.getPrivate())).uacmeCertificate("a.example", issue("a.example"));

        take(PLAIN, DIRECTORY, (directory, asked) -> Optional.empty());
        assertThat(store.loadAccount(DIRECTORY)).isEmpty();
        assertThat(said.toString()).contains("private/key.pem: left out: the CA at " + DIRECTORY + " knows no account");
        take(
                PLAIN,
                DIRECTORY,
                (directory, asked) ->
                        asked.getPublic().equals(key.getPublic()) ? Optional.of(ACCOUNT_URL) : Optional.empty());

        assertThat(account().accountUrl()).isEqualTo(ACCOUNT_URL);
        assertThat(store.load("A_EXAMPLE")).isPresent();
    }

    @Test
    void aCaThatDoesNotAnswerKeepsNothingFromBeingTakenOver() throws IOException {
        foreign.with("private/key.pem", Pem.encode(accountKey().getPrivate()));

        Report report = take(PLAIN, DIRECTORY, (directory, key) -> {
            throw new AcmeConnectionException("no answer", new IOException(), true);
        });

        assertThat(report.hasFailed()).isFalse();
        assertThat(account().accountUrl()).isNull();
        assertThat(said.toString()).contains("note: the CA could not be asked for its URL: no answer");
    }

    @Test
    void aSecondImportHasNothingToDo() throws IOException {
        certbotAccount("1", accountKey()).certbotCertificate("a.example", issue("a.example"), "server = " + DIRECTORY);
        take();

        Report again = take();

        assertThat(again.hasTakenOver()).isFalse();
        assertThat(again.hasFailed()).isFalse();
        assertThat(said.toString()).contains("is the account of the store already", "is in the store already");
    }

    @Test
    void whatTheStoreHasStaysUnlessItIsToBeReplacedAndThenABackupStays() throws IOException {
        StoredAccount old = new StoredAccount(DIRECTORY, "https://ca.example/acct/7", List.of(), accountKey());
        Issued oldCertificate = issue("a.example");
        RenewalRecord oldRecord = RenewalRecord.of(
                CertificateSpec.builder("a.example").ca(Ca.of(DIRECTORY)).build());
        store.saveAccount(old);
        TestWrites.save(store, "A_EXAMPLE", oldCertificate.chain(), oldCertificate.keyPair(), oldRecord);
        Issued other = issue("a.example");
        certbotAccount("1", accountKey()).certbotCertificate("a.example", other, "server = " + DIRECTORY);

        assertThat(take().hasTakenOver()).isFalse();
        assertThat(account().keyPair().getPublic()).isEqualTo(old.keyPair().getPublic());
        assertThat(store.load("A_EXAMPLE").orElseThrow().chain()).isEqualTo(oldCertificate.chain());
        assertThat(said.toString()).contains("the store has another account", "the store has another certificate");
        take(REPLACING, null, null);

        assertThat(account().accountUrl()).isEqualTo(ACCOUNT_URL);
        assertThat(store.load("A_EXAMPLE").orElseThrow().chain()).isEqualTo(other.chain());
        try (Stream<Path> files = Files.list(store.path())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(file -> file.startsWith("WUCME_C_A_EXAMPLE.PEM_2"))
                    .anyMatch(file -> file.startsWith("WUCME_K_ACCOUNT.PEM_2"));
        }
    }

    @Test
    void ofTwoCertificatesWithTheSameFirstNameTheOneThatEndsLaterIsTaken() throws IOException {
        Issued longer = issue(Duration.ofDays(29), "a.example");
        foreign.certbotCertificate("a.example", issue(Duration.ofDays(9), "a.example"), "server = " + DIRECTORY)
                .certbotCertificate("a.example-0001", longer, "server = " + DIRECTORY);

        take();

        assertThat(store.load("A_EXAMPLE").orElseThrow().chain()).isEqualTo(longer.chain());
        assertThat(said.toString())
                .contains("renewal/a.example.conf: left out: its first name is that of renewal/a.example-0001.conf");
    }

    @Test
    void namesThatAreLostBecauseTheFirstIsTakenAreAFailureThatListsThem() throws IOException {
        foreign.certbotCertificate(
                        "a.example",
                        issue(Duration.ofDays(9), "a.example", "b.example", "c.example"),
                        "server = " + DIRECTORY)
                .certbotCertificate(
                        "a.example-0001",
                        issue(Duration.ofDays(29), "a.example", "c.example"),
                        "server = " + DIRECTORY);

        Report report = take();

        assertThat(report.hasFailed()).isTrue();
        assertThat(failures.toString())
                .hasLineCount(1)
                .contains("renewal/a.example.conf: failed: ", "a.example-0001", "b.example")
                .doesNotContain("c.example");
    }

    @Test
    void namesThatAnotherCertificateOfTheStoreDoesNotHaveAreLostToo() throws IOException {
        foreign.certbotCertificate("a.example", issue("a.example"), "server = " + DIRECTORY);
        take();
        Issued other = issue("a.example", "b.example");
        foreign.with("archive/a.example/fullchain1.pem", other.pem())
                .with("archive/a.example/privkey1.pem", other.keyPem());

        assertThat(take().hasFailed()).isTrue();
        assertThat(failures.toString()).contains("b.example", "--force");
    }

    @Test
    void aConfigurationOfCertbotsThatWasRenamedLeadsToItsCertificate() throws IOException {
        Issued issued = issue("a.example");
        foreign.certbotCertificate("a.example", issued, "server = " + DIRECTORY);
        Files.move(foreign.file("renewal/a.example.conf"), foreign.file("renewal/shop.conf"));

        take();

        assertThat(failures.toString()).isEmpty();
        assertThat(store.load("A_EXAMPLE").orElseThrow().chain()).isEqualTo(issued.chain());
        assertThat(said.toString()).doesNotContain("does not renew it");
    }

    @Test
    void linksThatBecameFilesByCopyingLeadToTheArchive() throws IOException {
        Issued issued = issue("a.example");
        foreign.certbotCertificate("a.example", issued, "server = " + DIRECTORY);
        for (String file : List.of("fullchain", "privkey")) {
            Files.delete(foreign.file("live/a.example/" + file + ".pem"));
            foreign.with("live/a.example/" + file + ".pem", "../../archive/a.example/" + file + "1.pem");
        }

        take();

        assertThat(store.load("A_EXAMPLE").orElseThrow().chain()).isEqualTo(issued.chain());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accounts/aHR0cHM6Ly9hY21lLXYwMg/account_key.pem certs/a.example/fullchain.pem domains.txt",
                "live/a.example/fullchain accounts/ca.example%2fdirectory/abc/privkey desired/a.example certs/abc/cert",
                "certificates/acme-v02.api.letsencrypt.org-directory/a.example/a.example.crt acme/ca/users/x/x.json"
            })
    void foldersOfDehydratedAcmetoolAndCaddyAreNoneOfThoseThatAreRead(String files) {
        Stream.of(files.split(" ")).forEach(file -> foreign.with(file, ""));

        assertThatThrownBy(this::take).hasMessageContaining("none of certbot, lego, acme.sh, uacme");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"fullchain-glued", "chain-wrong-order", "chain-duplicate-intermediate", "chain-unrelated-root"})
    void aChainInDisorderIsPutInOrder(String file) throws IOException {
        foreign.with("private/l1.example.test/key.pem", field("l1.key"))
                .with("private/key.pem", Pem.encode(accountKey().getPrivate()))
                .with("l1.example.test/cert.pem", field(file + ".pem"));

        take(PLAIN, DIRECTORY, null);

        assertThat(failures.toString()).isEmpty();
        StoredCertificate stored = store.load("L1_EXAMPLE_TEST").orElseThrow();
        assertThat(Objects.requireNonNull(stored.chain()).certificates())
                .extracting(one -> one.getSubjectX500Principal().getName())
                .containsExactly("CN=l1.example.test", "CN=Test Intermediate");
        if (file.startsWith("chain")) {
            assertThat(said.toString())
                    .contains("l1.example.test: note: ")
                    .containsAnyOf("out of order", "not part of the chain");
        }
    }

    @ParameterizedTest
    @CsvSource({"cert-and-key-rsa-pss.pem, RSA-PSS", "key-explicit-ec.pem, explicit"})
    void anUnsupportedKindOfKeyIsNamed(String file, String kind) throws IOException {
        foreign.with("private/www.example.test/key.pem", field(file))
                .with("private/key.pem", Pem.encode(accountKey().getPrivate()))
                .with("www.example.test/cert.pem", field("cert-and-key-rsa-pss.pem"));

        take(PLAIN, DIRECTORY, null);

        assertThat(failures.toString()).hasLineCount(1).contains("not supported", kind);
    }

    @Test
    void aBrokenChainIsSaidToBeThatOfTheFile() throws IOException {
        Issued issued = issue("a.example");
        X509Certificate sameName = new HeldCertificate.Builder()
                .commonName(issued.chain()
                        .topmost()
                        .getSubjectX500Principal()
                        .getName()
                        .substring(3))
                .certificateAuthority(0)
                .build()
                .certificate();
        foreign.certbotCertificate("a.example", issued, "server = " + DIRECTORY)
                .with(
                        "archive/a.example/fullchain1.pem",
                        Pem.encode(List.of(issued.chain().leaf(), sameName)));

        take();

        assertThat(failures.toString()).contains("the chain is broken").doesNotContain("the CA sent");
    }

    private static String field(String name) throws IOException {
        try (InputStream in = FolderImportTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatHasExpiredIsLeftOut() throws IOException {
        foreign.certbotCertificate("a.example", issue(Duration.ofDays(-1), "a.example"), "server = " + DIRECTORY);

        assertThat(take().hasTakenOver()).isFalse();

        assertThat(said.toString()).contains("left out: it expired on ");
    }

    @Test
    void theKeyMustBeTheCertificates() throws IOException {
        foreign.certbotCertificate("a.example", issue("a.example"), "server = " + DIRECTORY)
                .with("archive/a.example/privkey1.pem", issue("a.example").keyPem());

        assertThat(take().hasFailed()).isTrue();

        assertThat(failures.toString())
                .isEqualTo("renewal/a.example.conf: failed: the private key does not belong to the certificate\n");
        assertThat(store.list()).isEmpty();
    }

    @Test
    void nothingIsFollowedOutOfTheFolder() throws IOException {
        Issued outside = issue("a.example");
        new ForeignFolders(temp.resolve("elsewhere"))
                .with("chain.pem", outside.pem())
                .with("key.pem", outside.keyPem());
        foreign.with("renewal/a.example.conf", "[renewalparams]\nserver = " + DIRECTORY + "\n")
                .link(
                        "live/a.example/fullchain.pem",
                        temp.resolve("elsewhere/chain.pem").toString())
                .link("live/a.example/privkey.pem", "../../../elsewhere/key.pem")
                .with("renewal/...conf", "[renewalparams]\naccount = ../../../elsewhere\n")
                .link("accounts/ca.example", temp.resolve("elsewhere").toString())
                .link("renewal/loop.conf", "loop.conf");

        Report report = take();

        assertThat(report.hasFailed()).isTrue();
        assertThat(report.hasTakenOver()).isFalse();
        assertThat(store.list()).isEmpty();
    }

    @Test
    void whatIsTooLargeOrNoFileIsSaidAndEndsNothingElse() throws IOException {
        foreign.certbotCertificate("a.example", issue("a.example"), "server = " + DIRECTORY)
                .with("renewal/b.example.conf", "x".repeat((1 << 20) + 1))
                .with("renewal/c.example.conf", "server = nothing here")
                .with("renewal/d.example.conf/x", "");

        assertThat(take().hasFailed()).isTrue();

        assertThat(failures.toString()).contains("b.example.conf: this is larger than anything that belongs here");
        assertThat(store.load("A_EXAMPLE")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://ca.example/directory", "ftp://x", "https://ca example/", "nonsense", "https://"})
    void aDirectoryThatIsNoHttpsUrlIsRefused(String server) throws IOException {
        foreign.certbotCertificate("a.example", issue("a.example"), "server = " + server);

        assertThat(take().hasFailed()).isTrue();

        assertThat(store.list()).isEmpty();
    }

    @Test
    void anAccountUrlOfAnotherHostIsNotTrusted() throws IOException {
        certbotAccount("1", accountKey())
                .with("accounts/ca.example/acme/directory/1/regr.json", "{\"uri\": \"https://evil.example/acct/1\"}")
                .with("renewal/README", "");

        take();

        assertThat(account().accountUrl()).isNull();
    }

    @Test
    void aBrokenKeyIsToldOfWithoutAWordOfIt() throws IOException {
        String jwk = jwk(KeyType.RSA_2048.generate());
        foreign.with("accounts/ca.example/directory/1/private_key.json", jwk.substring(0, jwk.length() / 2))
                .with("accounts/ca.example/directory/2/private_key.json", "TOPSECRET")
                .with("accounts/ca.example/directory/3/private_key.json", "{\"kty\":\"oct\",\"k\":\"TOPSECRET\"}")
                .with("renewal/README", "");

        take();

        assertThat(failures.toString()).hasLineCount(3).doesNotContain("TOPSECRET", jwk.substring(40, 60));
    }

    @Test
    void controlCharactersInNamesOfFilesReachNoTerminal() throws IOException {
        foreign.with("renewal/\u001b[2Jx\n.conf", "");

        take();

        assertThat(failures.toString()).hasLineCount(1).doesNotContain("\u001b");
    }

    @Test
    void aFolderOfNobodyOrOfSeveralIsNotGuessedAt() throws IOException {
        assertThatThrownBy(this::take).hasMessageContaining("none of certbot, lego, acme.sh, uacme");
        foreign.with("account.conf", "").with("renewal/x.conf", "");
        assertThatThrownBy(this::take).hasMessageContaining("each of certbot, acme.sh: say which by --from");
    }

    @Test
    void damagedFilesNeverEndAnImport() throws IOException {
        Random random = new Random(7);
        certbotAccount("1", accountKey());
        for (int round = 0; round < 40; round++) {
            foreign.with(
                    "renewal/a.conf", damaged(random, "[renewalparams]\nserver = " + DIRECTORY + "\naccount = 1\n"));
            Issued issued = issue("a.example");
            foreign.with("live/a/fullchain.pem", damaged(random, issued.pem()))
                    .with("live/a/privkey.pem", damaged(random, issued.keyPem()))
                    .with(
                            "accounts/ca.example/acme/directory/1/regr.json",
                            damaged(
                                    random,
                                    "{\"body\": {\"contact\": [\"mailto:a@b.c\"]}, \"uri\": \"" + ACCOUNT_URL + "\"}"));

            take(REPLACING, null, null);
        }
        assertThat(failures.toString()).doesNotContain("unexpected error");
    }

    private static String damaged(Random random, String text) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(3); i > 0; i--) {
            damaged.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
        }
        return random.nextInt(8) == 0 ? damaged.substring(random.nextInt(text.length())) : damaged.toString();
    }
}
