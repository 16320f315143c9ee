package org.wucme.store.file;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.wucme.store.file.TestCertificates.POOL;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;
import org.wucme.store.file.FaultyFolder.Fault;
import org.wucme.store.file.TestCertificates.Issued;
import org.wucme.testing.Intruder;

@Tag("embedding")
class CertificateExportTest {

    private static final char[] PASSWORD = "correct horse".toCharArray();
    private static final List<String> FILES = List.of("cert.pem", "chain.pem", "fullchain.pem", "privkey.pem");

    private Path folder = Path.of("");

    @BeforeEach
    void begin(@TempDir Path temporary) {
        folder = temporary.resolve("tls");
    }

    private static CertificateExport export(Issued issued) {
        try {
            return CertificateExport.of(stored(issued));
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    private static StoredCertificate stored(Issued issued) {
        return new StoredCertificate(TestCertificates.NAME, "/store", issued.chain(), issued.keyPair(), null, null);
    }

    private static Issued read(Path folder) throws IOException {
        CertificateChain chain = CertificateChain.parse(Files.readString(folder.resolve("fullchain.pem")));
        assertThat(Pem.certificates(Files.readString(folder.resolve("cert.pem"))))
                .containsExactly(chain.leaf());
        assertThat(Pem.certificates(Files.readString(folder.resolve("chain.pem"))))
                .isEqualTo(chain.certificates().subList(1, chain.certificates().size()));
        Issued issued = new Issued(chain, KeyPairs.read(Files.readString(folder.resolve("privkey.pem"))));
        assertThat(Contents.belong(issued.keyPair(), issued.chain())).isTrue();
        return issued;
    }

    private List<Path> versions() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".wucme-"))
                    .toList();
        }
    }

    @Test
    void pemFilesAreThoseThatServersWantAndOnlyTheOwnerReadsThem() throws Exception {
        assertThat(export(POOL.get(0)).toPem(folder)).isTrue();

        assertThat(read(folder).chain()).isEqualTo(POOL.get(0).chain());
        for (String file : FILES) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(".wucme"))))
                .isEqualTo("rwx------");
    }

    @Test
    void anExportIsMadeOnce() throws Exception {
        assertThat(export(POOL.get(0)).toPem(folder)).isTrue();
        Path before = folder.resolve(".wucme").toRealPath();

        assertThat(export(POOL.get(0)).toPem(folder)).isFalse();
        assertThat(folder.resolve(".wucme").toRealPath()).isEqualTo(before);
    }

    @Test
    void aNewExportTakesThePlaceOfTheOldAndOneOldOneIsKept() throws Exception {
        for (Issued issued : POOL) {
            export(issued).toPem(folder);
            assertThat(read(folder).chain()).isEqualTo(issued.chain());
        }

        assertThat(versions()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cert.pem", "privkey.pem", ".wucme"})
    void whatIsNoExportIsLeftAlone(String file) throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(file), "precious");

        assertThatThrownBy(() -> export(POOL.get(0)).toPem(folder))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll(folder.resolve(file).toString(), "move it away");
        assertThat(folder.resolve(file)).hasContent("precious");
        assertThat(versions()).isEmpty();
    }

    @Test
    void whatAnExportWasMendedToByHandIsReplaced() throws Exception {
        export(POOL.get(0)).toPem(folder);
        Files.delete(folder.resolve("chain.pem"));
        Files.writeString(folder.resolve("privkey.pem"), "");

        assertThat(export(POOL.get(0)).toPem(folder)).isTrue();
        assertThat(read(folder).chain()).isEqualTo(POOL.get(0).chain());
    }

    @Test
    void anotherCertificateIsNotReplaced() throws Exception {
        Path keystore = folder.resolve("tls.p12");
        export(POOL.get(0)).toPem(folder);
        export(POOL.get(0)).toPkcs12(keystore, PASSWORD);
        CertificateExport other = export(TestCertificates.issue("mail.example.org"));

        assertThatThrownBy(() -> other.toPem(folder))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("www.example.org", "a place of its own");
        assertThatThrownBy(() -> other.toPkcs12(keystore, PASSWORD))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("www.example.org", "a place of its own");
        assertThat(read(folder).chain()).isEqualTo(POOL.get(0).chain());
    }

    @Test
    void aCertificateWithOneNameMoreIsStillTheSame() throws Exception {
        export(POOL.get(0)).toPem(folder);
        Issued more = TestCertificates.issue("www.example.org", "example.org");

        assertThat(export(more).toPem(folder)).isTrue();
        assertThat(read(folder).chain()).isEqualTo(more.chain());
    }

    @Test
    void aReaderNeverMeetsHalfAFileOrAMixedVersion() throws Exception {
        export(POOL.get(0)).toPem(folder);
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Integer> reads = CompletableFuture.supplyAsync(() -> readUntil(isOver));
        for (int i = 1; i <= 200; i++) {
            export(POOL.get(i % POOL.size())).toPem(folder);
        }
        isOver.set(true);

        assertThat(reads.get(1, TimeUnit.MINUTES)).isPositive();
    }

    private int readUntil(AtomicBoolean isOver) {
        int count = 0;
        try {
            do {
                count += isReadAsOne() ? 1 : 0;
                for (String file : List.of("cert.pem", "fullchain.pem")) {
                    assertThat(Pem.certificates(Files.readString(folder.resolve(file))))
                            .isNotEmpty();
                }
                KeyPairs.read(Files.readString(folder.resolve("privkey.pem")));
            } while (!isOver.get() || count == 0);
            return count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether that was possible before two further exports were made. */
    private boolean isReadAsOne() throws IOException {
        try {
            read(folder.resolve(".wucme").toRealPath());
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void afterACrashAtAnyStepTheNamesLeadToOneExport(Fault fault) throws Exception {
        boolean spared = false;
        for (int step = 1; !spared; step++) {
            Path place = Files.createDirectories(folder.resolve(fault + "-" + step));
            spared = crash(place, fault, step, POOL.get(0));
            List<String> there = FILES.stream()
                    .filter(file -> Files.exists(place.resolve(file)))
                    .toList();
            assertThat(there.size() < FILES.size() || read(place).isIn(contentsOf(POOL.get(0))))
                    .isTrue();
            export(POOL.get(0)).toPem(place);
            spared &= crash(place, fault, step, POOL.get(1));
            Issued found = read(place);
            assertThat(List.of(POOL.get(0).chain(), POOL.get(1).chain())).contains(found.chain());
            export(POOL.get(2)).toPem(place);
            assertThat(read(place).chain()).isEqualTo(POOL.get(2).chain());
        }
    }

    private static Contents contentsOf(Issued issued) {
        return new Contents(null, issued.chain(), issued.keyPair(), true, null, null, null, null);
    }

    private static boolean crash(Path place, Fault fault, int step, Issued issued) throws IOException {
        FaultyFolder faulty = new FaultyFolder(place, fault, step);
        try {
            new PemFiles(faulty).write(export(issued));
        } catch (IOException e) {
            assertThat(e).hasMessage("crashed");
        }
        return faulty.wasSpared();
    }

    @Test
    void aKeystoreIsWhatServersWantAndOnlyTheOwnerReadsIt() throws Exception {
        Path file = folder.resolve("tls.p12");

        assertThat(export(POOL.get(0)).toPkcs12(file, PASSWORD)).isTrue();

        KeyStore store = keystore();
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        String alias = "www_example_org";
        assertThat(store.size()).isOne();
        assertThat(Arrays.asList(store.getCertificateChain(alias)).stream().map(X509Certificate.class::cast))
                .isEqualTo(POOL.get(0).chain().certificates());
        assertThat(store.getKey(alias, PASSWORD))
                .isEqualTo(POOL.get(0).keyPair().getPrivate());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aKeystoreIsEncryptedByPresentDayMeans() throws Exception {
        Path file = folder.resolve("tls.p12");
        export(POOL.get(0)).toPkcs12(file, PASSWORD);

        PKCS12PfxPdu pfx = new PKCS12PfxPdu(Files.readAllBytes(file));
        assertThat(pfx.getMacAlgorithmID().getAlgorithm()).isEqualTo(NISTObjectIdentifiers.id_sha256);
        PKCS12SafeBag bag = Arrays.stream(pfx.getContentInfos())
                .filter(info -> info.getContentType().equals(PKCSObjectIdentifiers.data))
                .map(PKCS12SafeBagFactory::new)
                .flatMap(factory -> Arrays.stream(factory.getSafeBags()))
                .findFirst()
                .orElseThrow();
        EncryptedPrivateKeyInfo key =
                EncryptedPrivateKeyInfo.getInstance(bag.toASN1Structure().getBagValue());
        assertThat(key.getEncryptionAlgorithm().getAlgorithm()).isEqualTo(PKCSObjectIdentifiers.id_PBES2);
        assertThat(PBES2Parameters.getInstance(key.getEncryptionAlgorithm().getParameters())
                        .getEncryptionScheme()
                        .getAlgorithm())
                .isEqualTo(NISTObjectIdentifiers.id_aes256_CBC);
    }

    /** By java.security's and system properties JCA's own keystore would be. */
    @ParameterizedTest
    @CsvSource({
        "keystore.pkcs12.legacy, ''",
        "keystore.pkcs12.macAlgorithm, HmacPBESHA1",
        "keystore.pkcs12.keyProtectionAlgorithm, PBEWithSHA1AndDESede",
        "keystore.pkcs12.certProtectionAlgorithm, NONE",
    })
    void aKeystoreIsNoWeakerWhereTheJvmSaysSo(String property, String value) throws Exception {
        System.setProperty(property, value);
        try {
            aKeystoreIsEncryptedByPresentDayMeans();
        } finally {
            System.clearProperty(property);
        }
    }

    @Test
    void openSslOpensAKeystoreWithoutItsLegacyProvider() throws Exception {
        Path file = folder.resolve("tls.p12");
        export(POOL.get(0)).toPkcs12(file, PASSWORD);

        Process openssl = openSsl("pkcs12", "-in", file.toString(), "-passin", "pass:correct horse", "-nodes", "-info");
        String text = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(openssl.waitFor()).as(text).isZero();
        assertThat(text).contains("PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256", "MAC: sha256");
        KeyPair key = KeyPairs.read(text.substring(text.indexOf("-----BEGIN PRIVATE KEY")));
        assertThat(Contents.belong(key, POOL.get(0).chain())).isTrue();
        assertThat(Pem.encode(List.of(POOL.get(0).chain().leaf()))).isSubstringOf(text);
    }

    private static Process openSsl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return Assumptions.abort("there is no openssl on this machine");
        }
    }

    @Test
    void anEarlierKeystoreOfWeakerEncryptionIsKnown() throws Exception {
        Path file = folder.resolve("tls.p12");
        Files.createDirectories(folder);
        Issued issued = POOL.get(0);
        KeyStore store = KeyStore.getInstance("PKCS12", new BouncyCastleProvider());
        store.load(null, null);
        X509Certificate[] chain = issued.chain().certificates().toArray(X509Certificate[]::new);
        store.setKeyEntry("www_example_org", issued.keyPair().getPrivate(), PASSWORD, chain);
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }

        assertThat(export(POOL.get(1)).toPkcs12(file, PASSWORD)).isTrue();
    }

    @Test
    void aPasswordThatJavaCannotUseIsRefusedBeforeAnythingIsWritten() {
        Path file = folder.resolve("tls.p12");

        assertThatThrownBy(() -> export(POOL.get(0)).toPkcs12(file, "p\u00e4ss".toCharArray()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("ASCII");
        assertThat(file).doesNotExist();
    }

    @Test
    void aKeystoreIsMadeOnceAndReplacedByTheNextCertificate() throws Exception {
        Path file = folder.resolve("tls.p12");
        export(POOL.get(0)).toPkcs12(file, PASSWORD);
        byte[] first = Files.readAllBytes(file);

        assertThat(export(POOL.get(0)).toPkcs12(file, PASSWORD)).isFalse();
        assertThat(file).hasBinaryContent(first);
        assertThat(export(POOL.get(1)).toPkcs12(file, PASSWORD)).isTrue();
        KeyStore store = keystore();
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        assertThat(store.getCertificate("www_example_org"))
                .isEqualTo(POOL.get(1).chain().leaf());
    }

    @Test
    void aKeystoreThatIsNotOursIsLeftAlone() throws Exception {
        Path file = folder.resolve("tls.p12");
        export(POOL.get(0)).toPkcs12(file, "other".toCharArray());
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> export(POOL.get(1)).toPkcs12(file, PASSWORD))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll(file.toString(), "with this password")
                .hasMessageNotContaining("correct horse");
        assertThat(file).hasBinaryContent(before);

        KeyStore trust = keystore();
        trust.load(null, null);
        trust.setCertificateEntry("root", POOL.get(0).chain().topmost());
        try (var out = Files.newOutputStream(file)) {
            trust.store(out, PASSWORD);
        }
        assertThatThrownBy(() -> export(POOL.get(1)).toPkcs12(file, PASSWORD))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("something else");
    }

    @Test
    void onAFullDiskTheOldKeystoreStays() throws Exception {
        Path file = folder.resolve("tls.p12");
        export(POOL.get(0)).toPkcs12(file, PASSWORD);
        byte[] before = Files.readAllBytes(file);
        FaultyFolder full = new FaultyFolder(folder, Fault.DISK_FULL, 1);

        assertThatThrownBy(() -> new Pkcs12File(full, file).write(export(POOL.get(1)), PASSWORD))
                .isInstanceOf(IOException.class);
        assertThat(file).hasBinaryContent(before);
        assertThat(Files.exists(folder.resolve("tls.p12_TMP"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void aLinkedKeystoreStaysALink() throws Exception {
        Files.createDirectories(folder);
        Path real = folder.resolve("real.p12");
        Path link = Files.createSymbolicLink(folder.resolve("tls.p12"), real);
        export(POOL.get(0)).toPkcs12(real, PASSWORD);

        assertThat(export(POOL.get(1)).toPkcs12(link, PASSWORD)).isTrue();
        assertThat(link).isSymbolicLink();
    }

    @Test
    void withoutKeyOrPasswordNothingIsExported() {
        Issued issued = POOL.get(0);
        StoredCertificate keyless = new StoredCertificate("A", "/store/a", issued.chain(), null, null, null);
        StoredCertificate broken = new StoredCertificate("A", "/store/a", null, null, null, "it is broken");

        assertThatThrownBy(() -> CertificateExport.of(keyless))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no private key");
        assertThatThrownBy(() -> CertificateExport.of(broken)).hasMessage("it is broken");
        assertThatThrownBy(() -> export(issued).toPkcs12(folder.resolve("a"), new char[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(requireNonNull(export(issued).toString())).isEqualTo("CertificateExport[WWW_EXAMPLE_ORG]");
    }

    @Test
    void theKeyFileOfACertificateIsFound() throws Exception {
        FileStore store = FileStore.open(folder);
        TestWrites.save(
                store, TestCertificates.NAME, POOL.get(0).chain(), POOL.get(0).keyPair(), TestRecords.renewal(1));
        Path certificate = store.path().resolve("WUCME_C_WWW_EXAMPLE_ORG.PEM");

        assertThat(FileStore.keyFile(certificate)).contains(store.path().resolve("WUCME_K_WWW_EXAMPLE_ORG.PEM"));
        assertThat(FileStore.keyFile(store.path().resolve("WUCME_C_OTHER.PEM"))).isEmpty();
        assertThat(FileStore.keyFile(store.path().resolve("index.html"))).isEmpty();
        assertThat(FileStore.keyFile(Path.of("/no/such/folder/WUCME_C_OTHER.PEM")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tls", "tls/below"})
    void rootExportsNoKeyIntoAFolderThatAnotherUserCanChange(String exported) throws Exception {
        Path theirs = Files.createDirectories(folder.resolve("theirs"));
        Intruder.give(theirs);
        Path place = theirs.resolve(exported);

        assertThatThrownBy(() -> export(POOL.get(0)).toPem(place))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll(theirs + " belongs to ", "run this as that user");
        assertThatThrownBy(() -> export(POOL.get(0)).toPkcs12(place.resolve("tls.p12"), PASSWORD))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(theirs + " belongs to ");
        assertThatThrownBy(() -> FileStore.open(place))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(theirs + " belongs to ");
        assertThat(theirs).isEmptyDirectory();
    }

    @Test
    void rootExportsNoKeyIntoAFolderThatIsWritableByOthers() throws Exception {
        Path open = Files.createDirectories(folder.resolve("open"));
        Intruder.give(Files.createDirectory(folder.resolve("only root can do this")));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> export(POOL.get(0)).toPem(open))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(open + " can be written by all users");
        assertThat(open).isEmptyDirectory();

        Files.setAttribute(open, "unix:mode", 01777);
        assertThat(export(POOL.get(0)).toPem(open.resolve("tls"))).isTrue();
    }

    @Test
    void noLinkLeadsRootsKeyToAnotherUser() throws Exception {
        Path theirs = Files.createDirectories(folder.resolve("theirs"));
        Path old = Files.writeString(theirs.resolve("tls.p12"), "");
        Intruder.give(old);
        Intruder.give(theirs);
        Path link = Files.createSymbolicLink(folder.resolve("tls.p12"), old);

        assertThatThrownBy(() -> export(POOL.get(0)).toPkcs12(link, PASSWORD))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(theirs + " belongs to ");
        assertThat(old).isEmptyFile();
    }

    @Test
    void anOwnerWhoExchangesEntriesGetsNoKeyAndLeadsRootNowhere() throws Exception {
        Path theirs = Files.createDirectories(folder.resolve("theirs"));
        Files.createDirectory(theirs.resolve("tls"));
        try (Intruder intruder = Intruder.in(theirs, folder)) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            for (int i = 0; System.nanoTime() < end || intruder.exchanges() == 0; i++) {
                CertificateExport next = export(POOL.get(i % POOL.size()));
                Path keystore = theirs.resolve("tls.p12");
                assertThatThrownBy(() -> next.toPem(theirs.resolve("tls"))).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> next.toPkcs12(keystore, PASSWORD)).isInstanceOf(IOException.class);
                intruder.assertNothingHappenedElsewhere();
            }
            assertThat(intruder.exchanges()).isPositive();
        }
        try (Stream<Path> files = Files.walk(theirs)) {
            assertThat(files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)))
                    .isEmpty();
        }
    }

    /** Java's own opens none of its kind where Bouncy Castle is the first provider. */
    private static KeyStore keystore() throws KeyStoreException {
        boolean isFirst = Security.getProviders()[0].getName().equals("BC");
        return isFirst ? KeyStore.getInstance("PKCS12", new BouncyCastleProvider()) : KeyStore.getInstance("PKCS12");
    }
}
