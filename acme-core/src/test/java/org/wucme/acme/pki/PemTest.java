package org.wucme.acme.pki;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.assertj.core.util.Throwables;
import org.bouncycastle.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PemTest {

    private static final KeyPair KEY = KeyType.EC_P256.generate();
    private static final X509Certificate A = named("a");
    private static final X509Certificate B = named("b");
    private static final X509Certificate C = named("c");

    @Property(tries = 50)
    void certificatesAreReadBackInTheirOrder(@ForAll("certificates") List<X509Certificate> certificates)
            throws PemException {
        String pem = Pem.encode(certificates);
        assertThat(Pem.certificates(pem)).isEqualTo(certificates);
        assertThat(Pem.certificates(pem.replace("\n", "\r\n"))).isEqualTo(certificates);
        assertThat(pem).doesNotContain("\r").matches("(?s)(.{0,64}\\n)*");
    }

    @Provide
    Arbitrary<List<X509Certificate>> certificates() {
        return Arbitraries.strings()
                .alpha()
                .ofMinLength(1)
                .ofMaxLength(60)
                .map(PemTest::named)
                .list()
                .ofMaxSize(4);
    }

    @Property(tries = 200)
    void anyTextIsReadOrRefusedAsPem(@ForAll String text, @ForAll @AlphaChars @StringLength(max = 80) String content) {
        for (String pem : new String[] {
            text,
            "-----BEGIN CERTIFICATE-----\n" + content + "\n-----END CERTIFICATE-----\n",
            "-----BEGIN " + text + "\n" + content
        }) {
            try {
                assertThat(Pem.certificates(pem)).isEmpty();
            } catch (PemException e) {
                assertThat(e).hasMessageStartingWith("line ");
            }
        }
    }

    @Test
    void theKeyBehindACertificateIsPassedOver() throws PemException {
        X509Certificate certificate = named("a");
        String pem = Pem.encode(List.of(certificate)) + Pem.encode(KEY.getPrivate());
        assertThat(Pem.certificates(pem)).containsExactly(certificate);
        assertThat(Pem.certificates("\uFEFF" + pem)).containsExactly(certificate);
    }

    @ParameterizedTest
    @MethodSource("harmlessForms")
    void bothCertificatesAreReadInWhateverFormTheirTextIs(String form, String text) throws PemException {
        assertThat(Pem.certificates(text)).as(form).containsExactly(A, B);
    }

    static Stream<Arguments> harmlessForms() {
        String a = Pem.encode(List.of(A));
        String b = Pem.encode(List.of(B));
        String both = a + b;
        String oneLine = both.replace("\n", "");
        return Stream.of(
                arguments("a byte order mark", "\uFEFF" + both),
                arguments("the mark in text read as ISO 8859-1", "\u00EF\u00BB\u00BF" + both),
                arguments("the mark of each of two files", "\uFEFF" + a + "\uFEFF" + b),
                arguments("an indented BEGIN", " " + a + "\t" + b),
                arguments("indented blocks", both.replaceAll("(?m)^", "    ")),
                arguments("a mark and indentation", "\uFEFF" + both.replaceAll("(?m)^", "  ")),
                arguments("glued END and BEGIN", both.replace("-----\n-----BEGIN", "----------BEGIN")),
                arguments("END and BEGIN on a line", both.replace("-----\n-----BEGIN", "----- -----BEGIN")),
                arguments("trailing blanks", both.replace("\n", " \t\n")),
                arguments("CRLF", both.replace("\n", "\r\n")),
                arguments("CR", both.replace("\n", "\r")),
                arguments("CR CR LF", both.replace("\n", "\r\r\n")),
                arguments("no final newline", both.strip()),
                arguments("blank lines inside", both.replace("\n", "\n\n")),
                arguments("blanks inside the lines", both.replaceAll("(?m)^(\\w{4})", "$1 ")),
                arguments("no line breaks", oneLine),
                arguments("short lines", both.replaceAll("(?m)^(\\w{8})", "$1\n")),
                arguments("text around", "Bag Attributes\n  friendlyName: x\n" + a + " 1 s:CN = b\n---\n" + b + "bye"),
                arguments("garbage behind END", a.strip() + " # the first\n" + b.strip() + "\u001A"),
                arguments("a space before the dashes", both.replace("CERTIFICATE-----", "CERTIFICATE -----")),
                arguments("an older label", both.replace("CERTIFICATE", "X509 CERTIFICATE")),
                arguments("the oldest label", both.replace("CERTIFICATE", "X.509 CERTIFICATE")),
                arguments("other blocks", PARAMETERS + a + PARAMETERS + Pem.encode(KEY.getPrivate()) + b));
    }

    private static final String PARAMETERS = "-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n";

    @Test
    void aTrustedCertificateOfOpensslIsReadWithoutWhatFollowsIt() throws Exception {
        // SEQUENCE { SEQUENCE {} }: as openssl x509 -addtrust writes it behind the certificate.
        byte[] trusted = Arrays.concatenate(A.getEncoded(), new byte[] {0x30, 2, 0x30, 0});
        String pem = block("TRUSTED CERTIFICATE", trusted);

        assertThat(Pem.certificates(pem)).containsExactly(A);
        assertRefused(pem.replace("TRUSTED ", ""), "line 1: ", "more than a certificate");
    }

    @ParameterizedTest
    @MethodSource("refusedForms")
    void whatWouldLoseACertificateIsRefusedWithItsLine(String form, String text, String line) {
        assertRefused(text, line, "");
        assertThat(Pem.certificates(text, e -> {})).as(form).isSubsetOf(A, B);
    }

    static Stream<Arguments> refusedForms() throws Exception {
        String a = Pem.encode(List.of(A));
        String b = Pem.encode(List.of(B));
        String both = a + b;
        int second = (int) a.lines().count() + 1;
        int last = (int) both.lines().count();
        return Stream.of(
                arguments("a word before BEGIN", "x " + both, "line 1: "),
                arguments("a comment sign before BEGIN", both.replaceAll("(?m)^", "# "), "line 1: "),
                arguments("lower case", both.replaceFirst("(?s)BEGIN CERTIFICATE", "begin certificate"), "line 1: "),
                arguments("a label in lower case", a.toLowerCase(Locale.ROOT) + b, "line 1: "),
                arguments("four dashes", both.replaceFirst("-----BEGIN", "----BEGIN"), "line 1: "),
                arguments("six dashes", both.replaceFirst("-----BEGIN", "------BEGIN"), "line 1: "),
                arguments("four dashes behind", both.replaceFirst("CERTIFICATE-----", "CERTIFICATE----"), "line 1: "),
                arguments(
                        "two dashes",
                        both.replaceFirst("-----BEGIN CERTIFICATE-----", "--BEGIN CERTIFICATE--"),
                        "line 1: "),
                arguments("long dashes", both.replaceFirst("-----BEGIN", "\u2014\u2014BEGIN"), "line 1: "),
                arguments(
                        "no dashes", both.replaceFirst("-----BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE"), "line 1: "),
                arguments("a misspelled BEGIN", both.replaceFirst("BEGIN", "BEGN"), "line 1: "),
                arguments("a misspelled label", a.replace("CERTIFICATE", "CERTFICATE") + b, "line 1: "),
                arguments("two blanks", both.replaceFirst("BEGIN ", "BEGIN  "), "line 1: "),
                arguments("a bag of certificates", a.replace("CERTIFICATE", "PKCS7") + b, "line 1: "),
                arguments("no first BEGIN", both.substring(28), "line " + (second - 2) + ": "),
                arguments(
                        "no second BEGIN",
                        both.replaceFirst("(?s)(END.*?)-----BEGIN CERTIFICATE-----", "$1"),
                        "line " + last + ": "),
                arguments("no first END", both.replaceFirst("-----END CERTIFICATE-----", ""), "line 1: "),
                arguments("no last END", both.substring(0, both.lastIndexOf("-----END")), "line " + second + ": "),
                arguments("neither END nor BEGIN", a.replaceFirst("(?s)-----END.*", "") + b.substring(28), "line 1: "),
                arguments(
                        "mismatched labels",
                        both.replaceFirst("END CERTIFICATE", "END X509 CERTIFICATE"),
                        "line " + (second - 1) + ": "),
                arguments("a NUL in front", "\0" + both, "line 1: "),
                arguments("a NUL between", a + "\0\0\0\0\n" + b, "line " + second + ": "),
                arguments("a NUL inside", both.replaceFirst("\nM", "\nM\0"), "line 2: "),
                arguments("UTF-16", new String(both.getBytes(UTF_16), UTF_8), "line 1: "),
                arguments("UTF-16 without a mark", new String(both.getBytes(UTF_16LE), ISO_8859_1), "line 1: "),
                arguments("a character that is not base64", both.replaceFirst("\nM", "\nM*"), "line 2: "),
                arguments("a header that goes on", both.replaceFirst("\nM", "\nProc-Type: 4\n  ,x\n\nM"), "line 3: "),
                arguments(
                        "a certificate twice in a block",
                        block("CERTIFICATE", Arrays.concatenate(A.getEncoded(), B.getEncoded())),
                        "line 1: "),
                arguments("something else in a block", block("CERTIFICATE", new byte[] {0x30, 0}) + a, "line 1: "),
                arguments("another text in a block", block("CERTIFICATE", a.getBytes(US_ASCII)) + a, "line 1: "),
                arguments("nothing in a block", block("CERTIFICATE", new byte[0]) + a, "line 1: "));
    }

    @Test
    void ofACollectionTheReadableOnesAreReadAndTheOthersReported() {
        String broken = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        List<String> unreadable = new ArrayList<>();

        List<X509Certificate> read = Pem.certificates(
                Pem.encode(List.of(A)) + broken + Pem.encode(List.of(B)), e -> unreadable.add(e.getMessage()));

        assertThat(read).containsExactly(A, B);
        assertThat(unreadable)
                .hasSize(1)
                .allMatch(message -> message.contains("line ") && message.contains("CERTIFICATE"));
    }

    @Test
    void ofACertificateThatJavaCannotReadTheReasonIsSaid() throws Exception {
        byte[] der = A.getEncoded();
        // A type that does not belong there.
        der[12] = 9;

        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> Pem.certificates(block("CERTIFICATE", der)))
                .satisfies(e -> assertThat(e)
                        .hasMessageStartingWith("line 1: ")
                        .hasMessageEndingWith("that Java can read: "
                                + Throwables.getRootCause(e).getMessage()));
    }

    @Test
    void ofACertificateWithoutANamedCurveIsSaidWhatToDo() throws Exception {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("p256-explicit-certificate.pem"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);

            assertThatExceptionOfType(PemException.class)
                    .isThrownBy(() -> Pem.certificates(text))
                    .withMessageContaining("explicit parameters: obtain a new certificate");
        }
    }

    private static void assertRefused(String text, String line, String why) {
        assertThatExceptionOfType(PemException.class)
                .isThrownBy(() -> Pem.certificates(text))
                .withMessageStartingWith(line)
                .withMessageContaining(why);
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }

    /** What people and programs leave between blocks, none of which is a part of one. */
    private static Arbitrary<String> junk() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().all().ofMaxLength(20),
                        Arbitraries.of(
                                "",
                                "\n",
                                "\r",
                                "\uFEFF",
                                " ",
                                "-",
                                "--",
                                "----",
                                "-----",
                                "------",
                                "#",
                                "\0",
                                "x",
                                "BEGIN",
                                "END",
                                "-----BEGIN",
                                "-----END ",
                                "CERTIFICATE-----",
                                "-----BEGIN CERTIFICATE-----",
                                "----BEGIN CERTIFICATE-----",
                                "-----END CERTIFICATE-----",
                                "-----BEGIN DH PARAMETERS-----",
                                "-----END DH PARAMETERS-----",
                                "AAAA"))
                .list()
                .ofMaxSize(4)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<String>> fourOfJunk() {
        return junk().list().ofSize(4);
    }

    @Property(tries = 3000)
    void whateverStandsAroundTheBlocksNoneIsEverLost(@ForAll("fourOfJunk") List<String> junk) {
        String text = junk.get(0)
                + Pem.encode(List.of(A))
                + junk.get(1)
                + Pem.encode(List.of(B))
                + junk.get(2)
                + Pem.encode(List.of(C))
                + junk.get(3);
        try {
            assertThat(Pem.certificates(text)).containsExactly(A, B, C);
        } catch (PemException e) {
            assertThat(e).hasMessageStartingWith("line ");
        }
    }

    @Property(tries = 1000)
    void whateverIsCutOutOfTheTextNoneIsEverLostInSilence(
            @ForAll @IntRange(max = 1500) int from, @ForAll @IntRange(min = 1, max = 1500) int length) {
        String whole = Pem.encode(List.of(A, B, C));
        int begin = Math.min(from, whole.length());
        String text = whole.substring(0, begin) + whole.substring(Math.min(whole.length(), begin + length));
        try {
            // Whole blocks may be cut out, as long as what is left of the text has nothing of them.
            assertThat(Pem.certificates(text)).hasSize(text.split("BEGIN", -1).length - 1);
        } catch (PemException e) {
            assertThat(e).hasMessageStartingWith("line ");
        }
    }

    @Test
    void aKeyThatStaysInItsDeviceCannotBeWritten() {
        PrivateKey inDevice = new PrivateKey() {
            @Override
            public String getAlgorithm() {
                return "EC";
            }

            @Override
            public @Nullable String getFormat() {
                return null;
            }

            @Override
            public byte @Nullable [] getEncoded() {
                return null;
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pem.encode(inDevice))
                .withMessageContaining("cannot be exported");
    }

    private static X509Certificate named(String name) {
        try {
            return TestCertificates.leaf(KEY.getPublic(), KEY, TestCertificates.dns(name + ".example"));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
