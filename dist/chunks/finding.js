const e=[`pin-broken`,`security`,`packages`,`config`,`content`,`unknown`,`rebuild`,`no-op`,`unpinned`,`lagging`,`newer-tag`,`end-of-life`];export{e as t};
