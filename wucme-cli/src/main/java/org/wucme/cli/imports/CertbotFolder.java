package org.wucme.cli.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.cli.imports.ForeignCertificate.RenewalTerms;

/**
 * certbot's: {@code renewal/NAME.conf} says how {@code live/NAME} is renewed, and {@code accounts} has a folder for each CA,
 * whose path is that of the directory's URL.
 */
final class CertbotFolder implements ForeignClient.Reading {

    private static final Pattern CONF = Pattern.compile("(?s)(.+)\\.conf");
    private static final Pattern ARCHIVED = Pattern.compile("fullchain([0-9]{1,9})\\.pem");
    private static final List<String> AFTERWARDS =
            List.of("installer", "renew_hook", "deploy_hook", "pre_hook", "post_hook", "manual_auth_hook");
    private static final int DEEPEST_ACCOUNT = 6;

    private final SourceFolder folder;
    private final ForeignKeys keys;
    private final Directories directories;

    CertbotFolder(SourceFolder folder, Directories directories) {
        this.folder = folder;
        this.keys = new ForeignKeys(folder);
        this.directories = directories;
    }

    static boolean isOne(SourceFolder folder) {
        // acmetool has live, too, beside what it wants to have.
        boolean hasLive = folder.isFolder("live") && !folder.isFolder("desired");
        return folder.isFolder("renewal") || hasLive || folder.isFolder("renewal-hooks");
    }

    @Override
    public void read(FolderContents contents) throws IOException {
        List<String> accounts = folder.filesBelow("accounts", "private_key.json", DEEPEST_ACCOUNT).stream()
                .map(SourceFolder::parentOf)
                .toList();
        for (String where : accounts) {
            contents.lookAt(where, () -> contents.add(account(where)));
        }
        List<String> renewed = new ArrayList<>();
        for (String conf : folder.files("renewal", CONF)) {
            contents.lookAt(conf, () -> certificate(conf, accounts, renewed, contents));
        }
        for (String live : folder.folders("live")) {
            if (!renewed.contains(live)) {
                contents.note(live, "certbot does not renew it, since it has no file in renewal: it is left out");
            }
        }
        noteHooks(contents);
    }

    private static String nameOf(String conf) {
        String name = SourceFolder.nameOf(conf);
        return name.substring(0, name.length() - ".conf".length());
    }

    private ForeignAccount account(String where) throws IOException {
        // Of the URL, the path of the folder lacks no more than how it begins.
        String directory =
                Directories.of("https://" + SourceFolder.parentOf(where).replaceFirst("^accounts/?", ""));
        KeyPair keyPair = keys.jwk(where + "/private_key.json");
        List<String> contacts = new ArrayList<>();
        String url = null;
        if (folder.isFile(where + "/regr.json")) {
            JsonNode registration = folder.json(where + "/regr.json");
            registration.path("body").path("contact").forEach(contact -> contacts.add(contact.asText()));
            url = registration.path("uri").textValue();
        }
        return new ForeignAccount(where, directory, Directories.accountOf(directory, url), contacts, keyPair);
    }

    private void certificate(String conf, List<String> accounts, List<String> renewed, FolderContents contents)
            throws IOException {
        renewed.add("live/" + nameOf(conf));
        CertbotConf settings = CertbotConf.parse(folder.text(conf));
        // Not always that of the configuration, which can be renamed.
        String name = settings.lineage().orElse(nameOf(conf));
        renewed.add("live/" + name);
        String version = "live/" + name;
        String chain = version + "/fullchain.pem";
        String key = version + "/privkey.pem";
        if (!folder.isFile(chain) || !folder.text(chain).contains("BEGIN")) {
            int newest = newestIn("archive/" + name);
            chain = "archive/" + name + "/fullchain" + newest + ".pem";
            key = "archive/" + name + "/privkey" + newest + ".pem";
        }
        List<X509Certificate> certificates = keys.certificates(chain);
        String server = settings.value("server");
        String directory = server == null ? directories.of(certificates) : Directories.of(server);
        RenewalTerms terms = new RenewalTerms(
                directory,
                accountCalled(settings.value("account"), accounts),
                challengeType(settings),
                Optional.ofNullable(settings.value("required_profile")).orElse(settings.value("preferred_profile")),
                preferredChain(settings),
                "True".equals(settings.value("reuse_key")));
        contents.add(ForeignKeys.certificate(conf, name, certificates, keys.pem(key), terms));
        noteSettings(conf, settings, contents);
    }

    private static @Nullable ChainPreference preferredChain(CertbotConf settings) {
        String issuer = settings.value("preferred_chain");
        return issuer == null || issuer.isBlank() || issuer.equals("None") ? null : ChainPreference.issuer(issuer);
    }

    // What was copied without its symbolic links, or with files in their place that only say where they lead.
    private int newestIn(String archive) throws IOException {
        return folder.files(archive, ARCHIVED).stream()
                .map(SourceFolder::nameOf)
                .map(ARCHIVED::matcher)
                .filter(Matcher::matches)
                .mapToInt(match -> Integer.parseInt(match.group(1)))
                .max()
                .orElseThrow(() -> new IOException("there is no certificate of it, neither in live nor in " + archive));
    }

    private static @Nullable String accountCalled(@Nullable String id, List<String> accounts) {
        return accounts.stream()
                .filter(where -> SourceFolder.nameOf(where).equals(id))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String challengeType(CertbotConf settings) {
        List<String> preferred = settings.values("pref_challs");
        String authenticator =
                Optional.ofNullable(settings.value("authenticator")).orElse("");
        if (authenticator.startsWith("dns-")) {
            return Dns01.TYPE;
        }
        return Stream.concat(preferred.stream(), Stream.of(Http01.TYPE))
                .filter(type -> List.of(Http01.TYPE, Dns01.TYPE, TlsAlpn01.TYPE).contains(type))
                .filter(type -> !preferred.isEmpty() || !authenticator.equals("manual"))
                .findFirst()
                .orElse(null);
    }

    private static void noteSettings(String conf, CertbotConf settings, FolderContents contents) {
        List<String> webroots = settings.values("webroot_path");
        if (!webroots.isEmpty()) {
            contents.note(
                    conf,
                    "its names are proven by files in " + String.join(", ", webroots)
                            + ": give --webroot to \"manage\"");
        }
        String port = settings.value("http01_port");
        if (port != null && !port.equals("80")) {
            contents.note(conf, "http-01 was answered at port " + port + ": give --http-port to \"manage\"");
        }
        for (String setting : AFTERWARDS) {
            String value = settings.value(setting);
            if (value != null && !value.equals("None")) {
                contents.note(conf, "what it has as " + setting + " is not taken over");
            }
        }
        if ("False".equals(settings.value("autorenew"))) {
            contents.note(conf, "certbot was told not to renew it; wucme will");
        }
    }

    private void noteHooks(FolderContents contents) throws IOException {
        for (String when : folder.folders("renewal-hooks")) {
            for (String hook : folder.files(when, Pattern.compile("(?s).+"))) {
                contents.note(hook, "is not taken over");
            }
        }
    }
}
