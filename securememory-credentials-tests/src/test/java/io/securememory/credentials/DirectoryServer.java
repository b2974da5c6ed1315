package io.securememory.credentials;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.OperationType;
import com.unboundid.ldif.LDIFException;
import java.net.InetAddress;
import java.util.EnumSet;

/** An LDAP server in this process, on the loopback interface, that answers nobody who has not authenticated. */
final class DirectoryServer implements AutoCloseable {

    static final String BASE = "dc=example,dc=org";
    static final String USER = "uid=app," + BASE;

    private static final String PASSWORD = "userPassword";

    private final InMemoryDirectoryServer server;

    DirectoryServer(String password) throws LDAPException, LDIFException {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("loopback", InetAddress.getLoopbackAddress(), 0, null));
        config.setAuthenticationRequiredOperationTypes(EnumSet.of(OperationType.SEARCH, OperationType.COMPARE));
        config.setSchema(null);
        server = new InMemoryDirectoryServer(config);
        server.add("dn: " + BASE, "objectClass: domain", "dc: example");
        server.add("dn: " + USER, "objectClass: account", "uid: app", PASSWORD + ": " + password);
        server.startListening();
    }

    int port() {
        return server.getListenPort();
    }

    void allow(String password) throws LDAPException {
        server.modify(USER, new Modification(ModificationType.ADD, PASSWORD, password));
    }

    void forbid(String password) throws LDAPException {
        server.modify(USER, new Modification(ModificationType.DELETE, PASSWORD, password));
    }

    @Override
    public void close() {
        server.shutDown(true);
    }
}
