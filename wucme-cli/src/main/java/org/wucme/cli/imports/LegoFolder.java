package org.wucme.cli.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.wucme.cli.imports.ForeignCertificate.RenewalTerms;

/**
 * lego's: {@code accounts/HOST/EMAIL} and {@code certificates/NAME.crt}, {@code .key} and {@code .json}. Of a CA it keeps the
 * host alone, and of challenges nothing.
 */
final class LegoFolder implements ForeignClient.Reading {

    private static final Pattern KEY = Pattern.compile("(?s).+\\.key");
    private static final Pattern CERTIFICATE = Pattern.compile("(?s)(?!.*\\.issuer\\.crt$).+\\.crt");

    private final SourceFolder folder;
    private final ForeignKeys keys;
    private final Directories directories;

    LegoFolder(SourceFolder folder, Directories directories) {
        this.folder = folder;
        this.keys = new ForeignKeys(folder);
        this.directories = directories;
    }

    static boolean isOne(SourceFolder folder) {
        // Other clients have folders of these names with other things in them, such as Caddy and dehydrated.
        try {
            return !CertbotFolder.isOne(folder)
                    && (!folder.files("certificates", CERTIFICATE).isEmpty()
                            || !folder.filesBelow("accounts", "account.json", 2).isEmpty());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void read(FolderContents contents) throws IOException {
        for (String host : folder.folders("accounts")) {
            for (String where : folder.folders(host)) {
                contents.lookAt(where, () -> contents.add(account(SourceFolder.nameOf(host), where)));
            }
        }
        for (String file : folder.files("certificates", CERTIFICATE)) {
            String where = file.substring(0, file.length() - ".crt".length());
            contents.lookAt(where, () -> contents.add(certificate(where)));
        }
    }

    private ForeignAccount account(String host, String where) throws IOException {
        JsonNode account = folder.json(where + "/account.json");
        String server = account.path("server").textValue();
        String directory = server == null ? directories.atHost(host) : Directories.of(server);
        List<String> contacts = new ArrayList<>();
        account.path("registration").path("body").path("contact").forEach(contact -> contacts.add(contact.asText()));
        String url = account.path("registration").path("uri").textValue();
        return new ForeignAccount(
                where, directory, Directories.accountOf(directory, url), contacts, keys.pem(accountKey(where)));
    }

    private String accountKey(String where) throws IOException {
        List<String> found = new ArrayList<>(folder.files(where + "/keys", KEY));
        found.addAll(folder.files(where, KEY));
        if (found.isEmpty()) {
            throw new IOException("there is no key");
        }
        return found.get(0);
    }

    private ForeignCertificate certificate(String where) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>(keys.certificates(where + ".crt"));
        String issuer = where + ".issuer.crt";
        if (certificates.size() == 1 && folder.isFile(issuer)) {
            certificates.addAll(keys.certificates(issuer));
        }
        JsonNode json = folder.isFile(where + ".json") ? folder.json(where + ".json") : null;
        String url = json == null ? null : json.path("certUrl").textValue();
        String directory = url == null ? directories.of(certificates) : directories.atHost(authority(url));
        String knownBy = json == null ? "" : json.path("domain").asText("");
        return ForeignKeys.certificate(
                where,
                knownBy,
                certificates,
                keys.pem(where + ".key"),
                new RenewalTerms(directory, null, null, null, null, false));
    }

    private static String authority(String url) {
        return String.valueOf(URI.create(url).getRawAuthority());
    }
}
