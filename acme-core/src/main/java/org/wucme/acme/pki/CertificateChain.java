package org.wucme.acme.pki;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.ClockDifference;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.text.OneLine;

/**
 * A certificate and the chain that leads to its root, leaf first, usually without the root (RFC 8555 section 7.4.2).
 *
 * @param certificates at least one
 */
public record CertificateChain(List<X509Certificate> certificates) {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateChain.class);

    private static final int MOST_WARNINGS = 3;
    private static final int GENERAL_NAME_DNS = 2;
    private static final int GENERAL_NAME_IP = 7;

    public CertificateChain {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one certificate");
        }
    }

    /**
     * The chain that a CA sent. It has been issued already, so that a comment, or a block that does not matter, is passed
     * over with a warning; only certificates are taken from the text. If they are in another order, or if some are no link of
     * the chain, they are put in order as {@link ChainAssembly} does, where it is clear which one is the leaf. A private key
     * is refused (RFC 8555 section 9.1): a server that sends one cannot be trusted with the rest.
     *
     * @throws PemException if no certificate can be read, or if there is a private key
     */
    public static CertificateChain parse(String pem) throws PemException {
        for (PemBlock block : PemScanner.scan(pem)) {
            if (block.isPrivateKey()) {
                throw block.refused("is a private key, of another kind than what a chain of certificates holds", null);
            }
        }
        List<PemException> unreadable = new ArrayList<>();
        List<X509Certificate> certificates = Pem.certificates(pem, unreadable::add);
        if (certificates.isEmpty()) {
            throw unreadable.isEmpty()
                    ? new PemException("there is no certificate in this PEM text", null)
                    : unreadable.get(0);
        }
        unreadable.stream()
                .limit(MOST_WARNINGS)
                .forEach(e -> LOG.warn("a part of the chain of certificates is passed over: {}", e.getMessage()));
        List<X509Certificate> leaves = ChainAssembly.leaves(certificates);
        CertificateChain asSent = new CertificateChain(certificates);
        return leaves.size() == 1 ? asSent.inOrder(ChainAssembly.above(leaves.get(0), certificates)) : asSent;
    }

    /**
     * The chain above the certificate that was requested, out of those that a CA sent, as {@link ChainAssembly} puts it in
     * order; what is left out is logged. This chain if there is no such certificate, or if its issuer is missing and another
     * has its name: then {@link #requireFor} says so.
     *
     * @param identifiers the names and addresses, which tell certificates of the same key apart
     */
    public CertificateChain inOrderFor(PublicKey key, Collection<Identifier> identifiers) {
        List<X509Certificate> ofKey = ChainAssembly.ofKey(key, certificates);
        Set<Identifier> requested = namesAndAddresses(identifiers);
        return ofKey.stream()
                .filter(certificate -> hasExactly(certificate, requested))
                .findFirst()
                .or(() -> ofKey.stream().findFirst())
                .map(leaf -> inOrder(ChainAssembly.above(leaf, certificates)))
                .orElse(this);
    }

    private CertificateChain inOrder(ChainAssembly assembly) {
        if (assembly.impostor().isPresent()) {
            return this;
        }
        assembly.remark().ifPresent(remark -> LOG.warn("correcting the chain that the CA sent: {}", remark));
        return assembly.chain();
    }

    private static boolean hasExactly(X509Certificate certificate, Set<Identifier> identifiers) {
        try {
            return identifiersOf(certificate).equals(identifiers);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Set<Identifier> namesAndAddresses(Collection<Identifier> identifiers) {
        return identifiers.stream()
                .filter(Identifier::isNameOrAddress)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The certificate itself. */
    public X509Certificate leaf() {
        return certificates.get(0);
    }

    /** The certificate nearest to the root. */
    public X509Certificate topmost() {
        return certificates.get(certificates.size() - 1);
    }

    /**
     * The leaf's names and addresses.
     *
     * @throws IllegalArgumentException if one of them is malformed
     */
    public Set<Identifier> identifiers() {
        return identifiersOf(leaf());
    }

    /** The chain as text, leaf first. */
    public String toPem() {
        return Pem.encode(certificates);
    }

    /**
     * Whether each certificate after the leaf has the name of the issuer of the one before, and none stands there twice;
     * signatures are not checked.
     */
    public boolean isInOrder() {
        return Set.copyOf(certificates).size() == certificates.size()
                && IntStream.range(1, certificates.size())
                        .allMatch(i -> certificates
                                .get(i)
                                .getSubjectX500Principal()
                                .equals(certificates.get(i - 1).getIssuerX500Principal()));
    }

    /**
     * Checks that this is the certificate that was asked for: our key, exactly our names, each certificate signed by the
     * next, and the leaf valid now.
     *
     * @param identifiers the names and addresses; those of other types are passed over
     * @param now the present; a leaf that begins up to two days later is accepted, since clocks differ
     * @throws AcmeProtocolException if it is not; the message says what is wrong
     */
    public void requireFor(PublicKey key, Collection<Identifier> identifiers, Instant now)
            throws AcmeProtocolException {
        requireLeafFor(key, identifiers, now);
        requireLinks();
    }

    /**
     * As {@link #requireFor}, but without the links above the leaf.
     *
     * @throws AcmeProtocolException if the leaf is not the certificate that was asked for
     */
    public void requireLeafFor(PublicKey key, Collection<Identifier> identifiers, Instant now)
            throws AcmeProtocolException {
        if (!PlatformKeys.isSame(key, leaf().getPublicKey())) {
            throw new AcmeProtocolException("the CA issued a certificate for another key than the one asked for");
        }
        requireNames(identifiers);
        requireValidAt(now);
    }

    private void requireNames(Collection<Identifier> identifiers) throws AcmeProtocolException {
        Set<Identifier> wanted = namesAndAddresses(identifiers);
        Set<Identifier> issued;
        try {
            issued = identifiers();
        } catch (IllegalArgumentException e) {
            throw new AcmeProtocolException(
                    "the CA issued a certificate whose names cannot be read: " + e.getMessage(), e);
        }
        if (!issued.equals(wanted)) {
            throw new AcmeProtocolException(
                    "the CA issued a certificate for " + list(issued) + " where " + list(wanted) + " was asked for");
        }
    }

    private void requireValidAt(Instant now) throws AcmeProtocolException {
        Instant begin = leaf().getNotBefore().toInstant();
        Instant end = leaf().getNotAfter().toInstant();
        if (!begin.isBefore(end)) {
            throw new AcmeProtocolException(
                    "the CA issued a certificate that expires at " + end + ", before it is valid at " + begin);
        }
        String clock = "; is this machine's clock right? It says " + now.truncatedTo(ChronoUnit.SECONDS);
        // A machine a day slow must not refuse what it ordered, and order again: the certificate is good for everyone
        // else.
        if (now.isBefore(begin.minus(ClockDifference.ACCEPTED))) {
            throw new AcmeProtocolException("the CA issued a certificate that is valid only from " + begin + clock);
        }
        if (!now.isBefore(end)) {
            throw new AcmeProtocolException("the CA issued a certificate that expired at " + end + clock);
        }
    }

    /**
     * Checks that each certificate is signed by the next. A signature of a kind that this Java does not know is not checked.
     *
     * @throws AcmeProtocolException if one is not; the message says which
     */
    public void requireLinks() throws AcmeProtocolException {
        for (int i = 0; i + 1 < certificates.size(); i++) {
            X509Certificate certificate = certificates.get(i);
            X509Certificate issuer = certificates.get(i + 1);
            try {
                PlatformKeys.verify(certificate, issuer);
            } catch (NoSuchAlgorithmException e) {
                LOG.warn(
                        "the signature of certificate {} ({}) cannot be checked here: {}",
                        i + 1,
                        OneLine.of(certificate.getSubjectX500Principal().toString()),
                        e.getMessage());
            } catch (GeneralSecurityException e) {
                throw new AcmeProtocolException(
                        "the CA sent a broken chain: certificate " + (i + 1) + " ("
                                + certificate.getSubjectX500Principal() + ") is not signed by the next ("
                                + issuer.getSubjectX500Principal() + ")",
                        e);
            }
        }
    }

    /**
     * The names and addresses in a certificate's subject alternative name; empty if it has none.
     *
     * @throws IllegalArgumentException if one of them is malformed
     */
    public static Set<Identifier> identifiersOf(X509Certificate certificate) {
        Set<Identifier> identifiers = new LinkedHashSet<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0).equals(GENERAL_NAME_DNS)) {
                    identifiers.add(new Identifier(Identifier.DNS, (String) name.get(1)));
                } else if (name.get(0).equals(GENERAL_NAME_IP)) {
                    identifiers.add(Identifier.ip((String) name.get(1)));
                }
            }
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("a certificate whose names cannot be read", e);
        }
        return identifiers;
    }

    private static String list(Collection<Identifier> identifiers) {
        return identifiers.isEmpty()
                ? "no name"
                : identifiers.stream().map(Identifier::toString).collect(Collectors.joining(", "));
    }
}
