package org.wucme.acme.pki;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of a PEM text (RFC 7468), or a part of the text that looks like one and cannot be read.
 *
 * @param line the number of its first line
 * @param label between {@code BEGIN} and the dashes; empty if there is none
 * @param body everything between {@code BEGIN} and {@code END}, the rest of the first line included
 * @param fault why it cannot be read, with the number of a line; null if it can
 */
record PemBlock(
        int line, String label, String body, @Nullable String fault) {

    private static final Set<String> CERTIFICATES =
            Set.of("CERTIFICATE", "X509 CERTIFICATE", "X.509 CERTIFICATE", PemBlock.TRUSTED);
    private static final Set<String> BAGS = Set.of("PKCS7", "PKCS #7 SIGNED DATA", "CMS");
    private static final Pattern OTHER = Pattern.compile(
            "(?:.* )?(?:PRIVATE KEY|PUBLIC KEY|PARAMETERS|REQUEST|CRL)|ATTRIBUTE CERTIFICATE|ECHCONFIG|(?:PGP|OCSP) .+");
    private static final Pattern HEADER = Pattern.compile("\\s*[A-Za-z][A-Za-z0-9-]*:.*");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=\\s]*");
    /** What openssl calls a certificate that is followed by settings of trust. */
    private static final String TRUSTED = "TRUSTED CERTIFICATE";

    /** A whole block, refused if what it holds is not known: it may be a certificate under a misspelled label. */
    static PemBlock of(int line, String label, String body) {
        boolean isKnown = CERTIFICATES.contains(label) || OTHER.matcher(label).matches();
        return new PemBlock(line, label, body, isKnown ? null : unknown(line, label));
    }

    private static String unknown(int line, String label) {
        String block = "line " + line + ": the block \"" + label + "\" ";
        return BAGS.contains(label)
                ? block + "holds certificates in another form: convert it with \"openssl pkcs7 -print_certs\""
                : block + "is of an unknown kind";
    }

    boolean isCertificate() {
        return CERTIFICATES.contains(label);
    }

    boolean isPrivateKey() {
        return label.endsWith("PRIVATE KEY");
    }

    /** Whether something may follow the certificate in the block. */
    boolean mayHoldMore() {
        return label.equals(TRUSTED);
    }

    /**
     * This block, if it can be read.
     *
     * @throws PemException if it cannot
     */
    PemBlock requireReadable() throws PemException {
        if (fault != null) {
            throw new PemException(fault, null);
        }
        return this;
    }

    /** Refuses what this block holds. */
    PemException refused(String what, @Nullable Throwable cause) {
        return new PemException("line " + line + ": the " + label + " block " + what, cause);
    }

    /**
     * The octets.
     *
     * @throws PemException if the text is not base64
     */
    byte[] content() throws PemException {
        requireReadable();
        List<String> lines = body.lines().toList();
        StringBuilder base64 = new StringBuilder();
        for (int i = headers().size(); i < lines.size(); i++) {
            if (!BASE64.matcher(lines.get(i)).matches()) {
                throw new PemException(
                        "line " + (line + i) + ": the " + label + " block has a character that is not base64", null);
            }
            base64.append(lines.get(i).replaceAll("\\s", ""));
        }
        try {
            return Base64.getDecoder().decode(base64.toString());
        } catch (IllegalArgumentException e) {
            throw refused("is not base64: it is damaged, or lines of it are missing", null);
        }
    }

    /** The block as a reader expects it that knows no other form. */
    String normalized() throws PemException {
        List<String> headers = headers().stream()
                .map(String::strip)
                .filter(header -> !header.isEmpty())
                .toList();
        return "-----BEGIN " + label + "-----\n"
                + (headers.isEmpty() ? "" : String.join("\n", headers) + "\n\n")
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content())
                + "\n-----END " + label + "-----\n";
    }

    // RFC 1421 section 4.4, as openssl encrypts keys: lines with a colon before the base64, with blank lines around
    // them.
    private List<String> headers() {
        List<String> headers = new ArrayList<>();
        for (String text : body.lines().toList()) {
            if (!text.isBlank() && !HEADER.matcher(text).matches()) {
                break;
            }
            headers.add(text);
        }
        return headers;
    }

    /** Without what is in it. */
    @Override
    public String toString() {
        return "PemBlock[line=" + line + ", label=" + label + ", fault=" + fault + "]";
    }
}
