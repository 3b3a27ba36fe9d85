const e={topics:[],languages:[],archived:!0,forks:!0,templates:!0,branches:[]};export{e as t};
