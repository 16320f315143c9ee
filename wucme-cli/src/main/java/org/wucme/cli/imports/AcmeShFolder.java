package org.wucme.cli.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.cli.imports.ForeignCertificate.RenewalTerms;

/**
 * acme.sh's: {@code NAME}, or {@code NAME_ecc} for a key of an elliptic curve, with {@code NAME.conf}, {@code NAME.key} and
 * {@code fullchain.cer}; and {@code ca}, whose folders are called as the host and path of the CA's directory, without its
 * port.
 */
final class AcmeShFolder implements ForeignClient.Reading {

    private static final int DEEPEST_ACCOUNT = 6;
    private static final List<String> AFTERWARDS = List.of(
            "Le_ReloadCmd", "Le_DeployHook", "Le_PreHook", "Le_PostHook", "Le_RenewHook", "Le_RealFullChainPath");

    private final SourceFolder folder;
    private final ForeignKeys keys;
    private final Directories directories;
    private final Set<String> seen = new LinkedHashSet<>();

    AcmeShFolder(SourceFolder folder, Directories directories) {
        this.folder = folder;
        this.keys = new ForeignKeys(folder);
        this.directories = directories;
        directories.asked().ifPresent(seen::add);
    }

    static boolean isOne(SourceFolder folder) {
        return folder.isFile("account.conf") || folder.isFolder("ca");
    }

    @Override
    public void read(FolderContents contents) throws IOException {
        for (String where : folder.folders("")) {
            String name = where.replaceFirst("_ecc$", "");
            if (folder.isFile(where + "/" + name + ".conf")) {
                contents.lookAt(where, () -> certificate(where, name, contents));
            }
        }
        for (String key : folder.filesBelow("ca", "account.key", DEEPEST_ACCOUNT)) {
            String where = SourceFolder.parentOf(key);
            contents.lookAt(where, () -> contents.add(account(where)));
        }
    }

    private void certificate(String where, String name, FolderContents contents) throws IOException {
        Map<String, String> conf = AcmeShConf.parse(folder.text(where + "/" + name + ".conf"));
        List<X509Certificate> certificates = chain(where, name);
        String api = conf.get("Le_API");
        String directory = api == null ? directories.of(certificates) : Directories.of(api);
        seen.add(directory);
        String webroot = conf.getOrDefault("Le_Webroot", "").split(",", 2)[0];
        String issuer = conf.get("Le_Preferred_Chain");
        RenewalTerms terms = new RenewalTerms(
                directory,
                accountAt(directory),
                challengeType(webroot),
                conf.get("Le_CertificateProfile"),
                issuer == null ? null : ChainPreference.issuer(issuer),
                false);
        String knownBy = conf.getOrDefault("Le_Domain", name);
        contents.add(
                ForeignKeys.certificate(where, knownBy, certificates, keys.pem(where + "/" + name + ".key"), terms));
        if (webroot.startsWith("/")) {
            contents.note(where, "its names are proven by files in " + webroot + ": give --webroot to \"manage\"");
        }
        for (String setting : AFTERWARDS) {
            if (conf.containsKey(setting)) {
                contents.note(where, "what it has as " + setting + " is not taken over");
            }
        }
    }

    private List<X509Certificate> chain(String where, String name) throws IOException {
        if (folder.isFile(where + "/fullchain.cer")) {
            return keys.certificates(where + "/fullchain.cer");
        }
        if (!folder.isFile(where + "/" + name + ".cer")) {
            throw new LeftOutException("there is no certificate of it yet");
        }
        List<X509Certificate> certificates = new ArrayList<>(keys.certificates(where + "/" + name + ".cer"));
        if (folder.isFile(where + "/ca.cer")) {
            certificates.addAll(keys.certificates(where + "/ca.cer"));
        }
        return certificates;
    }

    private static @Nullable String challengeType(String webroot) {
        if (webroot.startsWith("dns")) {
            return Dns01.TYPE;
        }
        if (webroot.equals("alpn")) {
            return TlsAlpn01.TYPE;
        }
        return webroot.isEmpty() ? null : Http01.TYPE;
    }

    private ForeignAccount account(String where) throws IOException {
        String directory = directoryOf(where);
        Map<String, String> conf =
                folder.isFile(where + "/ca.conf") ? AcmeShConf.parse(folder.text(where + "/ca.conf")) : Map.of();
        String url = conf.get("ACCOUNT_URL");
        return new ForeignAccount(
                where,
                directory,
                Directories.accountOf(directory, url),
                contacts(where, conf),
                keys.pem(where + "/account.key"));
    }

    private List<String> contacts(String where, Map<String, String> conf) throws IOException {
        String email = conf.get("CA_EMAIL");
        if (email != null) {
            return List.of(email.contains(":") ? email : "mailto:" + email);
        }
        List<String> contacts = new ArrayList<>();
        if (folder.isFile(where + "/account.json")) {
            JsonNode account = folder.json(where + "/account.json");
            account.path("contact").forEach(contact -> contacts.add(contact.asText()));
        }
        return contacts;
    }

    private @Nullable String accountAt(String directory) {
        String where = pathOf(directory);
        return folder.isFile(where + "/account.key") ? where : null;
    }

    // Older versions left the path out.
    private String directoryOf(String where) throws IOException {
        String path = where.substring("ca/".length());
        for (String directory : seen) {
            if (where.equals(pathOf(directory))
                    || path.equals(URI.create(directory).getHost())) {
                return directory;
            }
        }
        return path.contains("/") ? Directories.of("https://" + path) : directories.atHost(path);
    }

    private static String pathOf(String directory) {
        URI url = URI.create(directory);
        return "ca/" + Objects.toString(url.getHost(), "") + Objects.toString(url.getPath(), "");
    }
}
