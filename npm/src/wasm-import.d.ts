declare module '*/cxauth.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
