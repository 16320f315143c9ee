package org.wucme.cli.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;

/**
 * What others are told of a certificate that was stored: where it is, never its key. Each text is one line, whoever wrote it.
 *
 * @param certificate what the store calls it
 * @param names what it is for
 * @param certificateFile where certificate, chain and key are
 * @param keyFile where the key is once more; empty if there is no such file
 * @param serial in hexadecimal
 */
record Facts(
        LoadEvent event,
        String certificate,
        List<String> names,
        String certificateFile,
        String keyFile,
        String serial,
        Instant notAfter) {

    /**
     * Of a certificate.
     *
     * @throws IOException if there is none, or its folder cannot be read
     */
    static Facts of(StoredCertificate stored, LoadEvent event) throws IOException {
        X509Certificate leaf = chain(stored).leaf();
        Optional<Path> keyFile = FileStore.keyFile(Path.of(stored.location()));
        return new Facts(
                event,
                OneLine.of(stored.name()),
                stored.identifiers().stream()
                        .map(Identifier::value)
                        .map(OneLine::of)
                        .toList(),
                OneLine.of(stored.location()),
                keyFile.map(Path::toString).map(OneLine::of).orElse(""),
                leaf.getSerialNumber().toString(16),
                leaf.getNotAfter().toInstant());
    }

    private static CertificateChain chain(StoredCertificate stored) throws IOException {
        CertificateChain chain = stored.chain();
        if (chain == null) {
            throw new IOException("there is no certificate in " + stored.location());
        }
        return chain;
    }

    private List<String> files() {
        List<String> files = new ArrayList<>(List.of(certificateFile));
        if (!keyFile.isEmpty()) {
            files.add(keyFile);
        }
        return files;
    }

    /** For a program. */
    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("WUCME_EVENT", event.word());
        variables.put("WUCME_CERTIFICATE", certificate);
        variables.put("WUCME_NAMES", String.join(" ", names));
        variables.put("WUCME_FILES", String.join("\n", files()));
        variables.put("WUCME_CERTIFICATE_FILE", certificateFile);
        variables.put("WUCME_KEY_FILE", keyFile);
        variables.put("WUCME_SERIAL", serial);
        variables.put("WUCME_NOT_AFTER", notAfter.toString());
        return variables;
    }

    /** For a web server. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("event", event.word());
        json.put("certificate", certificate);
        names.forEach(json.putArray("names")::add);
        files().forEach(json.putArray("files")::add);
        json.put("serial", serial);
        json.put("notAfter", notAfter.toString());
        return json;
    }
}
