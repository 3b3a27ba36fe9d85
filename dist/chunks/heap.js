import{setFlagsFromString as e}from"node:v8";function t(){e(`--semi-space-growth-factor=1`)}function n(){e(`--heap-growing-percent=50`)}export{t as n,n as t};
