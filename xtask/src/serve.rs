//! `cargo xtask demo`: serves `www/`, and `pkg/` under `/pkg/`, on this machine only, with a backend that has results
//! checked.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::http::{HeaderValue, header};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::backend::Backend;
use crate::soter_server::{self, SoterServer};
use crate::workspace::Workspace;

/// Serves until Ctrl-C.
pub fn run(workspace: &Workspace, port: u16) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("cannot start a runtime")?;
    let listeners = runtime.block_on(listen(port))?;
    let port = listeners.v4.local_addr().context("the socket has no address")?.port();
    let mut site = site(workspace);
    match backend(workspace, format!("http://localhost:{port}")) {
        Ok(backend) => site = backend.routes().fallback_service(site),
        Err(error) => {
            eprintln!("soter-server cannot be had, so nothing checks the demo's results: {error:#}")
        }
    }
    runtime.block_on(async {
        tokio::spawn(serve(listeners.v4, site.clone()));
        if let Some(v6) = listeners.v6 {
            tokio::spawn(serve(v6, site));
        }
        println!("wx-soter demo: http://localhost:{port}");
        tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")
    })
}

fn backend(workspace: &Workspace, origin: String) -> Result<Backend> {
    println!("Building soter-server ...");
    let program = soter_server::build(workspace)?;
    Ok(Backend::new(SoterServer::start(workspace, program, &origin)?, origin))
}

fn site(workspace: &Workspace) -> Router {
    // What was just built must be what is seen.
    let fresh =
        SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Router::new()
        .nest_service("/pkg", ServeDir::new(workspace.join("pkg")))
        .fallback_service(ServeDir::new(workspace.join("www")))
        .layer(fresh)
}

async fn serve(listener: TcpListener, site: Router) {
    if let Err(error) = axum::serve(listener, site).await {
        eprintln!("error: the server stopped: {error}");
    }
}

struct Listeners {
    v4: TcpListener,
    v6: Option<TcpListener>,
}

/// `localhost` means either address, so both are taken. A machine without IPv6 has one.
async fn listen(port: u16) -> Result<Listeners> {
    let v4 = bind(Ipv4Addr::LOCALHOST.into(), port).await?;
    let port = v4.local_addr().context("the socket has no address")?.port();
    let v6 = match bind(Ipv6Addr::LOCALHOST.into(), port).await {
        Ok(listener) => Some(listener),
        Err(error) if is_port_in_use(&error) => return Err(error),
        Err(_) => None,
    };
    Ok(Listeners { v4, v6 })
}

async fn bind(address: IpAddr, port: u16) -> Result<TcpListener> {
    match TcpListener::bind(SocketAddr::new(address, port)).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(error)
            .with_context(|| format!("port {port} is in use: end what uses it, or choose another by --port")),
        Err(error) => bail!("cannot listen on port {port} of {address}: {error}"),
    }
}

fn is_port_in_use(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::AddrInUse)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use anyhow::{Context, Result};

    use super::{is_port_in_use, listen, serve, site};
    use crate::workspace::Workspace;

    #[test]
    fn serves_both_folders_fresh_and_with_the_right_types() -> Result<()> {
        let root = std::env::temp_dir().join(format!("wx-soter-site-{}", std::process::id()));
        for (file, content) in [
            ("www/index.html", "page"),
            ("www/a.js", ""),
            ("www/b.mjs", ""),
            ("pkg/dist/core.wasm", "module"),
        ] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().context("a folder")?)?;
            fs::write(path, content)?;
        }
        let site = site(&Workspace::at(root.clone(), root.join("target")));
        let runtime = tokio::runtime::Runtime::new()?;
        let port = runtime.block_on(async {
            let listener = listen(0).await?.v4;
            let port = listener.local_addr()?.port();
            tokio::spawn(serve(listener, site));
            anyhow::Ok(port)
        })?;
        for (path, content, kind) in [
            ("/", "page", "text/html"),
            ("/a.js", "", "text/javascript"),
            ("/b.mjs", "", "application/javascript"),
            ("/pkg/dist/core.wasm", "module", "application/wasm"),
        ] {
            let mut response = ureq::get(format!("http://127.0.0.1:{port}{path}")).call()?;
            let header =
                |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap_or_default());
            assert_eq!(header("content-type"), Some(kind), "{path}");
            assert_eq!(header("cache-control"), Some("no-store"), "{path}");
            assert_eq!(response.body_mut().read_to_string()?, content, "{path}");
        }
        for path in ["/pkg/../Cargo.toml", "/%2e%2e/Cargo.toml", "/nothing"] {
            let answer = ureq::get(format!("http://127.0.0.1:{port}{path}")).call();
            assert!(matches!(answer, Err(ureq::Error::StatusCode(404))), "{path}: {answer:?}");
        }
        fs::remove_dir_all(root)?;
        Ok(())
    }

    #[test]
    fn a_port_in_use_is_named_with_the_way_out() -> Result<()> {
        tokio::runtime::Runtime::new()?.block_on(async {
            let first = listen(0).await?;
            let port = first.v4.local_addr()?.port();
            let error = listen(port).await.err().context("the port was given twice")?;
            assert!(is_port_in_use(&error));
            assert!(error.to_string().contains("--port"), "{error}");
            Ok(())
        })
    }
}
