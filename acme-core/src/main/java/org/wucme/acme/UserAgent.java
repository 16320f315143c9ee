package org.wucme.acme;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.regex.Pattern;
import okhttp3.OkHttp;

/** What each request says of the software that sends it (RFC 8555 section 6.1). */
final class UserAgent {

    private static final Pattern PRODUCTS = Pattern.compile("[\\x21-\\x7e]+(?: [\\x21-\\x7e]+)*");
    private static final Pattern VERSION = Pattern.compile("[0-9][A-Za-z0-9.+-]*");

    /** This library and its HTTP client. */
    static final String LIBRARY = "wucme/" + version() + " okhttp/" + OkHttp.VERSION;

    private UserAgent() {}

    /**
     * A program that uses the library, then the library.
     *
     * @throws IllegalArgumentException if the program cannot be written into a header field
     */
    static String of(String program) {
        if (!PRODUCTS.matcher(program).matches()) {
            throw new IllegalArgumentException("the user agent must be name/version in printable ASCII characters");
        }
        return program + " " + LIBRARY;
    }

    // Not from the manifest: there is none on the module path, in another program's jar, or before there is a jar.
    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = UserAgent.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            // A request without a version is better than no request.
        }
        String version = properties.getProperty("version", "");
        return VERSION.matcher(version).matches() ? version : "dev";
    }
}
