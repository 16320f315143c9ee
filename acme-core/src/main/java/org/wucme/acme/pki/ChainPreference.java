package org.wucme.acme.pki;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.octets.Der;
import org.wucme.acme.internal.octets.Sha256;

/**
 * Which chain to take where a CA offers more than its own choice (RFC 8555 section 7.4.2): the one below a certain root,
 * which is told by its name or by its fingerprint. Immutable.
 */
public sealed interface ChainPreference {

    /**
     * The chain that a text stands for: {@link #root} by a fingerprint, {@link #issuer} by any other text.
     *
     * @throws IllegalArgumentException if it is blank
     */
    static ChainPreference of(String text) {
        return Root.isFingerprint(text) ? root(text) : issuer(text);
    }

    /**
     * The chain whose topmost certificate was issued under this name, such as {@code ISRG Root X1}: the common name of the
     * issuer, or its organization, in any case of letters.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    static ChainPreference issuer(String name) {
        return new Issuer(name);
    }

    /**
     * The chain below the root with this fingerprint. Since CAs leave the root out of a chain, it must be among those that
     * the client trusts, the platform's included; the fingerprint of a certificate that is in the chain serves as well.
     *
     * @param sha256 64 hexadecimal digits, colons and blanks between them allowed
     * @throws IllegalArgumentException if it is not the fingerprint of anything
     */
    static ChainPreference root(String sha256) {
        return new Root(sha256);
    }

    /** The text that {@link #of} makes this of again. */
    String value();

    /**
     * Whether this is the chain that is wanted.
     *
     * @param roots root certificates that may stand above the chain
     */
    boolean matches(CertificateChain chain, Collection<X509Certificate> roots);

    /**
     * By the name of the topmost issuer.
     *
     * @param name its common name or its organization
     */
    record Issuer(String name) implements ChainPreference {

        public Issuer {
            name = name.strip();
            if (name.isEmpty()) {
                throw new IllegalArgumentException("the name of an issuer is not blank");
            }
        }

        @Override
        public boolean matches(CertificateChain chain, Collection<X509Certificate> roots) {
            X500Name issuer = X500Name.getInstance(
                    chain.topmost().getIssuerX500Principal().getEncoded());
            return Stream.of(BCStyle.CN, BCStyle.O)
                    .flatMap(attribute -> Arrays.stream(issuer.getRDNs(attribute))
                            .flatMap(part -> Arrays.stream(part.getTypesAndValues()))
                            .filter(part -> part.getType().equals(attribute)))
                    .map(Issuer::text)
                    .anyMatch(name::equalsIgnoreCase);
        }

        private static String text(AttributeTypeAndValue part) {
            return part.getValue() instanceof ASN1String string
                    ? string.getString().strip()
                    : "";
        }

        @Override
        public String value() {
            return name;
        }

        @Override
        public String toString() {
            return "issuer \"" + name + "\"";
        }
    }

    /**
     * By the fingerprint of the root.
     *
     * @param sha256 64 hexadecimal digits in lower case
     */
    record Root(String sha256) implements ChainPreference {

        public Root {
            if (!isFingerprint(sha256)) {
                throw new IllegalArgumentException(
                        "a SHA-256 fingerprint has 64 hexadecimal digits, unlike \"" + sha256 + "\"");
            }
            sha256 = digits(sha256);
        }

        private static boolean isFingerprint(String text) {
            return digits(text).matches("[0-9a-f]{64}");
        }

        private static String digits(String text) {
            return text.replaceAll("[\\s:]", "").toLowerCase(Locale.ROOT);
        }

        @Override
        public String value() {
            return sha256;
        }

        @Override
        public boolean matches(CertificateChain chain, Collection<X509Certificate> roots) {
            List<X509Certificate> certificates = chain.certificates();
            X509Certificate topmost = chain.topmost();
            return certificates.stream().anyMatch(this::isIt)
                    || roots.stream().anyMatch(root -> issued(root, topmost) && isIt(root));
        }

        private boolean isIt(X509Certificate certificate) {
            return Sha256.of(Der.of(certificate)).hex().equals(sha256);
        }

        private static boolean issued(X509Certificate root, X509Certificate certificate) {
            if (!Objects.equals(root.getSubjectX500Principal(), certificate.getIssuerX500Principal())) {
                return false;
            }
            try {
                PlatformKeys.verify(certificate, root);
                return true;
            } catch (GeneralSecurityException anotherOfThatName) {
                return false;
            }
        }

        @Override
        public String toString() {
            return "root " + sha256;
        }
    }
}
